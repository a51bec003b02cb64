// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.write;

import dev.ivfpq.disk.FieldMeta;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.apache.lucene.util.LongValues;
import org.apache.lucene.util.packed.DirectReader;
import org.apache.lucene.util.packed.DirectWriter;

/** Members written in windows of any size, against the lists that they are made from. */
public class TestListMembers extends LuceneTestCase {

  public void testWindowsOfAnySizeWriteTheSameMembers() throws IOException {
    for (int nlist : new int[] {1, 2, 3, 17, 256, 300, 5000}) {
      int n = 1 + random().nextInt(3000);
      int[] listOf = new int[n];
      for (int i = 0; i < n; i++) {
        listOf[i] = random().nextInt(nlist);
      }
      for (int window : new int[] {1 + random().nextInt(n), 64, n, n + 1, 1 << 24}) {
        assertMembers(listOf, nlist, window);
      }
    }
  }

  public void testOrdinalThatNoListHoldsIsRefused() throws IOException {
    ListMembers members = new ListMembers(3, 2, 2);
    members.set(0, 1);
    members.set(2, 1);
    try (ByteBuffersDirectory directory = new ByteBuffersDirectory();
        IndexOutput out = directory.createOutput("members", IOContext.DEFAULT)) {
      CorruptIndexException e = expectThrows(CorruptIndexException.class, () -> members.write(out));
      assertTrue(
          e.getMessage(),
          e.getMessage()
              .startsWith(
                  "none of the lists holds ordinal 1 of 3; restore the segments that are merged"
                      + " from a copy or re-index"));
    }
  }

  private static void assertMembers(int[] listOf, int nlist, int windowSize) throws IOException {
    int n = listOf.length;
    String what = n + " vectors in " + nlist + " lists, windows of " + windowSize;
    List<List<Integer>> lists = new ArrayList<>();
    for (int list = 0; list < nlist; list++) {
      lists.add(new ArrayList<>());
    }
    for (int ordinal = 0; ordinal < n; ordinal++) {
      lists.get(listOf[ordinal]).add(ordinal);
    }
    try (ByteBuffersDirectory directory = new ByteBuffersDirectory()) {
      int windows = 0;
      try (IndexOutput out = directory.createOutput("members", IOContext.DEFAULT)) {
        ListMembers members = new ListMembers(n, nlist, windowSize);
        do {
          for (int list = 0; list < nlist; list++) {
            for (int ordinal : lists.get(list)) {
              members.set(ordinal, list);
            }
          }
          members.write(out);
          windows++;
        } while (members.nextWindow());
      }
      assertEquals(what, Math.ceilDiv(n, windowSize), windows);
      try (IndexInput in = directory.openInput("members", IOContext.DEFAULT)) {
        int bits = FieldMeta.Lists.memberBits(nlist);
        assertEquals(what, DirectWriter.bytesRequired(n, bits), in.length());
        LongValues read = DirectReader.getInstance(in.randomAccessSlice(0, in.length()), bits);
        for (int ordinal = 0; ordinal < n; ordinal++) {
          assertEquals(what + ", ordinal " + ordinal, listOf[ordinal], read.get(ordinal));
        }
      }
    }
  }
}
