// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import java.util.Arrays;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.apache.lucene.tests.util.TestUtil;

/** Selection against sorting: random keys, many equal ones, and orders that are hard on pivots. */
public class TestSelection extends LuceneTestCase {

  public void testLeastComeFirst() {
    for (int i = 0; i < 500; i++) {
      long[] keys = keys(TestUtil.nextInt(random(), 1, 400));
      int from = random().nextInt(keys.length);
      int to = TestUtil.nextInt(random(), from + 1, keys.length);
      int count = TestUtil.nextInt(random(), 1, to - from);
      long[] sorted = keys.clone();
      Arrays.sort(sorted, from, to);
      long[] selected = keys.clone();
      Selection.least(selected, from, to, count);
      String what = count + " of [" + from + ", " + to + ")";
      Arrays.sort(selected, from, from + count);
      assertArrayEquals(
          what, Arrays.copyOf(sorted, from + count), Arrays.copyOf(selected, from + count));
      Arrays.sort(selected, from + count, to);
      assertArrayEquals(what + ": nothing lost, nothing else moved", sorted, selected);
    }
  }

  public void testSomeOfTheLeastComeFirst() {
    for (int i = 0; i < 500; i++) {
      long[] keys = keys(TestUtil.nextInt(random(), 1, 400));
      int atLeast = TestUtil.nextInt(random(), 1, keys.length);
      int atMost = TestUtil.nextInt(random(), atLeast, keys.length);
      long[] selected = keys.clone();
      int count = Selection.least(selected, 0, keys.length, atLeast, atMost);
      assertTrue(
          count + " in [" + atLeast + ", " + atMost + "]", count >= atLeast && count <= atMost);
      Arrays.sort(keys);
      Arrays.sort(selected, 0, count);
      assertArrayEquals(Arrays.copyOf(keys, count), Arrays.copyOf(selected, count));
    }
  }

  private static long[] keys(int n) {
    long[] keys = new long[n];
    int kind = random().nextInt(4);
    for (int i = 0; i < n; i++) {
      keys[i] =
          switch (kind) {
            case 0 -> random().nextLong();
            case 1 -> random().nextInt(4);
            case 2 -> i;
            default -> Math.min(i, n - i);
          };
    }
    return keys;
  }
}
