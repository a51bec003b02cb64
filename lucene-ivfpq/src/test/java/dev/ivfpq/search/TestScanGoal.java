// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.spec.Effort;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.lucene.tests.util.LuceneTestCase;

/** Where scans end, by lists that are known to improve the k best or not. */
public class TestScanGoal extends LuceneTestCase {
  private static final int K = 3;

  /**
   * Lists scanned, each of ten accepted vectors.
   *
   * @param better numbers of the lists that give one of the k best
   */
  private static int lists(int nprobe, int halves, long wanted, int... better) throws IOException {
    Effort effort = new Effort(nprobe, halves, Float.POSITIVE_INFINITY, 2, 10);
    ScanGoal goal = new ScanGoal(effort, wanted, K);
    int probed = 0;
    while (true) {
      int scanned = probed;
      long improved = Arrays.stream(better).filter(list -> list < scanned).count();
      if (goal.isReached(probed, 10L * probed, k -> -improved)) {
        return probed;
      }
      probed++;
    }
  }

  public void testEndsWhereTheLastHalfGaveNothing() throws IOException {
    assertEquals(10, lists(10, 4, 1));
    assertEquals(10, lists(10, 4, 1, 0, 3, 4));
    assertEquals(9, lists(9, 4, 1, 4));
    assertEquals(1, lists(1, 4, 1, 0));
  }

  public void testGoesOnByHalves() throws IOException {
    assertEquals(15, lists(10, 4, 1, 5));
    assertEquals(15, lists(10, 4, 1, 9));
    assertEquals(20, lists(10, 4, 1, 9, 10));
    assertEquals(15, lists(10, 4, 1, 9, 15));
    assertEquals(14, lists(9, 4, 1, 5));
  }

  public void testAddsSoManyHalvesAtMost() throws IOException {
    int[] all = new int[100];
    Arrays.setAll(all, list -> list);
    for (int halves = 0; halves < 5; halves++) {
      assertEquals(10 + 5 * halves, lists(10, halves, 1, all));
    }
  }

  public void testAcceptedVectorsAreWantedToo() throws IOException {
    assertEquals(20, lists(10, 0, 200));
    assertEquals(20, lists(10, 4, 200, 9));
    assertEquals(30, lists(10, 4, 200, 10));
    assertEquals(15, lists(10, 4, 20, 9));
  }

  public void testRandomListsAgainstAListByListCount() throws IOException {
    for (int round = 0; round < 1000; round++) {
      int nprobe = 1 + random().nextInt(40);
      int halves = random().nextInt(5);
      boolean[] better = new boolean[200];
      double share = random().nextDouble();
      for (int list = 0; list < better.length; list++) {
        better[list] = random().nextDouble() < share * Math.exp(-list / 20.0);
      }
      int half = (nprobe + 1) / 2;
      int expected = nprobe;
      int from = half;
      for (int more = 0; more < halves && any(better, from, expected); more++) {
        from = expected;
        expected += half;
      }
      int[] lists = IntStream.range(0, better.length).filter(l -> better[l]).toArray();
      assertEquals("nprobe " + nprobe, expected, lists(nprobe, halves, 1, lists));
    }
  }

  private static boolean any(boolean[] better, int from, int to) {
    boolean any = false;
    for (int list = from; list < to; list++) {
      any |= better[list];
    }
    return any;
  }
}
