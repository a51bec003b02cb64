// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.filter;

import dev.ivfpq.bench.data.VectorSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The base in two parts, drawn at random: what is indexed, and the rows that are kept out of the
 * index to be queries, since a frame that is indexed would find itself.
 *
 * @param indexed (n, d)
 * @param speakers (n), whose each indexed row is
 * @param keptOut the others
 * @param keptOutSpeakers whose these are
 */
record SpeakerRows(VectorSet indexed, int[] speakers, VectorSet keptOut, int[] keptOutSpeakers) {
  /** One row in so many is kept out. */
  private static final int KEPT_OUT = 20;

  /**
   * Draws the parts.
   *
   * @param speakers of {@code base}, row by row
   */
  static SpeakerRows draw(VectorSet base, int[] speakers, long seed) {
    List<Integer> rows = new ArrayList<>(IntStream.range(0, base.size()).boxed().toList());
    Collections.shuffle(rows, new Random(seed));
    int out = Math.ceilDiv(base.size(), KEPT_OUT);
    List<Integer> keptOut = rows.subList(0, out).stream().sorted().toList();
    List<Integer> indexed = rows.subList(out, rows.size()).stream().sorted().toList();
    return new SpeakerRows(
        vectors(base, indexed),
        of(speakers, indexed),
        vectors(base, keptOut),
        of(speakers, keptOut));
  }

  /** Numbers of all indexed rows, speaker by speaker. */
  int[] bySpeaker() {
    return IntStream.range(0, speakers.length)
        .boxed()
        .sorted(Comparator.comparingInt(row -> speakers[row]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** At most so many of the kept out rows of some speakers, evenly spread. */
  float[][] keptOutOf(IntPredicate speaker, int most) {
    int[] rows =
        IntStream.range(0, keptOutSpeakers.length)
            .filter(row -> speaker.test(keptOutSpeakers[row]))
            .toArray();
    int count = Math.min(most, rows.length);
    float[][] vectors = new float[count][];
    Arrays.setAll(vectors, i -> keptOut.rows()[rows[(int) ((long) i * rows.length / count)]]);
    return vectors;
  }

  private static VectorSet vectors(VectorSet base, List<Integer> rows) {
    return new VectorSet(rows.stream().map(row -> base.rows()[row]).toArray(float[][]::new));
  }

  private static int[] of(int[] labels, List<Integer> rows) {
    return rows.stream().mapToInt(row -> labels[row]).toArray();
  }
}
