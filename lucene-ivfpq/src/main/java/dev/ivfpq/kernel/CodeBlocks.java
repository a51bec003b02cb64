// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Where the code of (slot, sub-quantizer) and the term of a slot lie in a block of 64 vectors.
 *
 * <pre>
 *         byte 0    byte 1    byte 2    byte 3    ...   byte 62   byte 63
 *         slot 0    slot 32   slot 1    slot 33         slot 31   slot 63
 * row 0   each byte: code of sub-quantizer 0 in the low nibble, of 1 in the high nibble
 * row 1   2 and 3
 * ...     ceil(M / 2) rows of 64 bytes
 * terms   64 little-endian floats, in slot order
 * </pre>
 *
 * <p>Even bytes hold slots 0..31 and odd bytes slots 32..63, because a kernel widens bytes to
 * shorts by masking (even) and shifting (odd): its sums then come out in slot order. With an odd M
 * the high nibbles of the last row are 0.
 *
 * <p>These bytes are on disk. They do not depend on the kernel or the width of its vectors.
 */
public final class CodeBlocks {

  /** Vectors in a block, and bytes in a row. */
  public static final int BLOCK = 64;

  private static final VarHandle FLOAT =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);

  private CodeBlocks() {}

  /** Rows of a block: two sub-quantizers share one. */
  public static int rows(int M) {
    return (M + 1) / 2;
  }

  /** Bytes of a block's codes; the terms follow them. */
  public static int codeBytes(int M) {
    return rows(M) * BLOCK;
  }

  /** Bytes of a whole block, codes and terms. A multiple of 64. */
  public static int blockBytes(int M) {
    return codeBytes(M) + BLOCK * Float.BYTES;
  }

  /** The byte of each row that holds the codes of {@code slot}. */
  public static int byteOfSlot(int slot) {
    return slot < 32 ? 2 * slot : 2 * (slot - 32) + 1;
  }

  /** The slot whose codes lie in this byte of each row. */
  public static int slotOfByte(int v) {
    return v / 2 + 32 * (v & 1);
  }

  /**
   * Writes the codes of one vector.
   *
   * @param block holds a block from {@code offset} on
   * @param slot 0..63
   * @param codes M codes from {@code codesOffset} on, one a byte, each 0..15
   */
  public static void put(byte[] block, int offset, int slot, byte[] codes, int codesOffset, int M) {
    int at = offset + byteOfSlot(slot);
    for (int m = 0; m < M; m += 2) {
      assert (codes[codesOffset + m] & ~15) == 0 : "code=" + codes[codesOffset + m] + ", m=" + m;
      int code = codes[codesOffset + m];
      if (m + 1 < M) {
        code |= codes[codesOffset + m + 1] << 4;
      }
      block[at] = (byte) code;
      at += BLOCK;
    }
  }

  /**
   * Writes the codes of one vector that are already packed two a byte.
   *
   * @param pairs {@link #rows} bytes from {@code pairsOffset} on: sub-quantizer 2p in the low
   *     nibble of byte p, 2p + 1 in the high nibble
   */
  public static void putPairs(
      byte[] block, int offset, int slot, byte[] pairs, int pairsOffset, int M) {
    int at = offset + byteOfSlot(slot);
    for (int p = 0; p < rows(M); p++) {
      block[at + p * BLOCK] = pairs[pairsOffset + p];
    }
  }

  /**
   * Reads the codes of one vector: the inverse of {@link #put}.
   *
   * @param codes out, M codes from {@code codesOffset} on, one a byte
   */
  public static void get(byte[] block, int offset, int slot, byte[] codes, int codesOffset, int M) {
    int at = offset + byteOfSlot(slot);
    for (int m = 0; m < M; m++) {
      int pair = block[at + (m / 2) * BLOCK];
      codes[codesOffset + m] = (byte) ((m & 1) == 0 ? pair & 15 : (pair >> 4) & 15);
    }
  }

  /** Copies codes and term of a slot of one block to a slot of another. */
  public static void copy(byte[] from, int fromSlot, byte[] to, int toSlot, int M) {
    int in = byteOfSlot(fromSlot);
    int out = byteOfSlot(toSlot);
    for (int row = 0; row < codeBytes(M); row += BLOCK) {
      to[row + out] = from[row + in];
    }
    putTerm(to, 0, toSlot, term(from, 0, fromSlot, M), M);
  }

  /** Writes the term of one slot. */
  public static void putTerm(byte[] block, int offset, int slot, float term, int M) {
    FLOAT.set(block, offset + codeBytes(M) + slot * Float.BYTES, term);
  }

  /** Reads the term of one slot. */
  public static float term(byte[] block, int offset, int slot, int M) {
    return (float) FLOAT.get(block, offset + codeBytes(M) + slot * Float.BYTES);
  }

  /** Makes all 64 slots padding: codes 0, terms +Infinity, which pass no threshold. */
  public static void clear(byte[] block, int offset, int M) {
    Arrays.fill(block, offset, offset + codeBytes(M), (byte) 0);
    for (int slot = 0; slot < BLOCK; slot++) {
      putTerm(block, offset, slot, Float.POSITIVE_INFINITY, M);
    }
  }
}
