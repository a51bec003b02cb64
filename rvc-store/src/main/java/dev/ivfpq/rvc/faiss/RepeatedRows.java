// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.faiss;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Rows of which some stand for others equal to them (faiss, {@code IndexIVFFlatDedup}).
 *
 * @param pairs id that was kept, id of a duplicate, and so on
 */
record RepeatedRows(FaissRows inner, long[] pairs) implements FaissRows {
  @Override
  public int d() {
    return inner.d();
  }

  @Override
  public long count() {
    return inner.count() + pairs.length / 2;
  }

  @Override
  public boolean exact() {
    return inner.exact();
  }

  @Override
  public void forEach(RowVisitor visitor) throws IOException {
    // For each kept id a chain of its pairs: the place of the first, and of the next after each.
    Map<Long, Integer> first = new HashMap<>();
    int[] next = new int[pairs.length / 2];
    for (int pair = 0; pair < next.length; pair++) {
      Integer before = first.put(pairs[2 * pair], pair);
      next[pair] = before == null ? -1 : before;
    }
    inner.forEach(
        (id, vector) -> {
          visitor.row(id, vector);
          for (int pair = first.getOrDefault(id, -1); pair >= 0; pair = next[pair]) {
            visitor.row(pairs[2 * pair + 1], vector);
          }
        });
  }
}
