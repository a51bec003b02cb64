// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.kernel;

import java.util.Arrays;
import org.apache.lucene.tests.util.LuceneTestCase;

public class TestCodeBlocks extends LuceneTestCase {

  public void testSizes() {
    assertEquals(1, CodeBlocks.rows(1));
    assertEquals(1, CodeBlocks.rows(2));
    assertEquals(2, CodeBlocks.rows(3));
    assertEquals(64 + 256, CodeBlocks.blockBytes(1));
    assertEquals(32 * 64 + 256, CodeBlocks.blockBytes(64));
  }

  public void testBytesAndSlotsAreInverse() {
    boolean[] seen = new boolean[CodeBlocks.BLOCK];
    for (int v = 0; v < CodeBlocks.BLOCK; v++) {
      int slot = CodeBlocks.slotOfByte(v);
      assertFalse("slot=" + slot, seen[slot]);
      seen[slot] = true;
      assertEquals(v, CodeBlocks.byteOfSlot(slot));
    }
    assertEquals(0, CodeBlocks.byteOfSlot(0));
    assertEquals(2, CodeBlocks.byteOfSlot(1));
    assertEquals(1, CodeBlocks.byteOfSlot(32));
    assertEquals(63, CodeBlocks.byteOfSlot(63));
  }

  public void testLayoutOfOneVector() {
    byte[] block = new byte[CodeBlocks.blockBytes(3)];
    CodeBlocks.put(block, 0, 33, new byte[] {1, 2, 15}, 0, 3);
    assertEquals(0x21, block[3]);
    assertEquals(0x0f, block[64 + 3]);
    block[3] = 0;
    block[64 + 3] = 0;
    assertArrayEquals("nothing else was written", new byte[block.length], block);
  }

  public void testTermIsLittleEndianBehindTheCodes() {
    byte[] block = new byte[CodeBlocks.blockBytes(2)];
    CodeBlocks.putTerm(block, 0, 5, 1f, 2);
    assertEquals(0x3f, block[64 + 5 * 4 + 3]);
    assertEquals((byte) 0x80, block[64 + 5 * 4 + 2]);
    assertEquals(1f, CodeBlocks.term(block, 0, 5, 2), 0);
  }

  public void testGetReturnsWhatWasPut() {
    for (int M : new int[] {1, 2, 3, 4, 5, 31, 32, 64, 127, 128}) {
      RandomBlocks blocks = RandomBlocks.of(random(), 3, M);
      byte[] codes = new byte[M + 2];
      for (int i = 0; i < blocks.count() * CodeBlocks.BLOCK; i++) {
        Arrays.fill(codes, (byte) 77);
        int offset = i / CodeBlocks.BLOCK * CodeBlocks.blockBytes(M);
        CodeBlocks.get(blocks.bytes(), offset, i % CodeBlocks.BLOCK, codes, 1, M);
        assertEquals("M=" + M, 77, codes[0]);
        assertEquals("M=" + M, 77, codes[M + 1]);
        assertArrayEquals(
            "M=" + M + ", vector=" + i,
            Arrays.copyOfRange(blocks.codes(), i * M, (i + 1) * M),
            Arrays.copyOfRange(codes, 1, M + 1));
      }
    }
  }

  public void testPairsAreTheSameBytesAsCodes() {
    for (int M : new int[] {1, 2, 3, 4, 5, 31, 32, 64, 127, 128}) {
      RandomBlocks blocks = RandomBlocks.of(random(), 2, M);
      byte[] actual = new byte[blocks.bytes().length];
      byte[] pairs = new byte[CodeBlocks.rows(M) + 2];
      for (int i = 0; i < blocks.count() * CodeBlocks.BLOCK; i++) {
        int block = i / CodeBlocks.BLOCK * CodeBlocks.blockBytes(M);
        int slot = i % CodeBlocks.BLOCK;
        Arrays.fill(pairs, (byte) 0x77);
        for (int p = 0; p < CodeBlocks.rows(M); p++) {
          int low = blocks.codes()[i * M + 2 * p];
          int high = 2 * p + 1 < M ? blocks.codes()[i * M + 2 * p + 1] : 0;
          pairs[1 + p] = (byte) (16 * high + low);
        }
        CodeBlocks.putPairs(actual, block, slot, pairs, 1, M);
        float term = CodeBlocks.term(blocks.bytes(), block, slot, M);
        CodeBlocks.putTerm(actual, block, slot, term, M);
      }
      assertArrayEquals("M=" + M, blocks.bytes(), actual);
    }
  }

  public void testHighNibbleOfAnOddLastRowIsZero() {
    RandomBlocks blocks = RandomBlocks.of(random(), 1, 5);
    for (int v = 0; v < CodeBlocks.BLOCK; v++) {
      assertEquals(0, blocks.bytes()[2 * CodeBlocks.BLOCK + v] & 0xF0);
    }
  }

  public void testClearLeavesPadding() {
    int M = 4;
    int blockBytes = CodeBlocks.blockBytes(M);
    byte[] bytes = new byte[3 * blockBytes];
    random().nextBytes(bytes);
    byte[] before = bytes.clone();
    CodeBlocks.clear(bytes, blockBytes, M);
    byte[] codes = new byte[M];
    for (int slot = 0; slot < CodeBlocks.BLOCK; slot++) {
      CodeBlocks.get(bytes, blockBytes, slot, codes, 0, M);
      assertArrayEquals(new byte[M], codes);
      float term = CodeBlocks.term(bytes, blockBytes, slot, M);
      assertEquals(Float.POSITIVE_INFINITY, term, 0);
    }
    assertArrayEquals(Arrays.copyOf(before, blockBytes), Arrays.copyOf(bytes, blockBytes));
    assertArrayEquals(
        Arrays.copyOfRange(before, 2 * blockBytes, 3 * blockBytes),
        Arrays.copyOfRange(bytes, 2 * blockBytes, 3 * blockBytes));
  }
}
