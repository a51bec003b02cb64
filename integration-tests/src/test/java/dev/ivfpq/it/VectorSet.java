// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.it;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.lucene.util.VectorUtil;

/**
 * Vectors to index and vectors to search with.
 *
 * @param name in printed lines
 * @param base (n, d); a vector's id is its row
 * @param queries (number of queries, d)
 * @param speakers (n) of the base vectors
 */
record VectorSet(String name, float[][] base, float[][] queries, String[] speakers) {

  int size() {
    return base.length;
  }

  int dims() {
    return base[0].length;
  }

  /** At most {@code most} of the speakers, evenly spread over all of them. */
  List<String> someSpeakers(int most) {
    List<String> all = List.of(speakers).stream().distinct().sorted().toList();
    return Spread.of(all.size(), most).mapToObj(all::get).toList();
  }

  /** The same set, every vector and query scaled to unit length. */
  VectorSet normalized() {
    return new VectorSet(name, normalized(base), normalized(queries), speakers);
  }

  private static float[][] normalized(float[][] vectors) {
    float[][] unit = new float[vectors.length][];
    for (int i = 0; i < vectors.length; i++) {
      unit[i] = VectorUtil.l2normalize(vectors[i].clone());
    }
    return unit;
  }

  /** Speakers for vectors of which none are known: the fifths of the base. */
  static String[] fifths(int n) {
    return IntStream.range(0, n)
        .mapToObj(id -> "fifth " + (1 + (int) (5L * id / n)))
        .toArray(String[]::new);
  }
}
