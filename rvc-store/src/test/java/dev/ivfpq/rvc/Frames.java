// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Frames for tests, and the store's answers to them computed the plain way. */
public final class Frames {
  private Frames() {}

  /** Random walks, as speech is smooth. */
  public static float[][] speech(long seed, int frames, int dims) {
    Random random = new Random(seed);
    float[][] rows = new float[frames][dims];
    for (int i = 0; i < frames; i++) {
      for (int j = 0; j < dims; j++) {
        float before = i % 50 == 0 ? (float) random.nextGaussian() : rows[i - 1][j];
        rows[i][j] = .9f * before + .4f * (float) random.nextGaussian();
      }
    }
    return rows;
  }

  /**
   * All frames of clips with their places, nearest to {@code query} first, then as added. What is
   * nearest is told by the sums here; those in the result are the store's, to the bit.
   */
  static List<Neighbour> nearest(
      float[] query, String speaker, SortedMap<String, float[][]> clips, int k) {
    List<Neighbour> all = new ArrayList<>();
    clips.forEach(
        (clip, rows) -> {
          for (int i = 0; i < rows.length; i++) {
            all.add(new Neighbour(speaker, clip, i, Neighbour.distance(query, rows[i])));
          }
        });
    all.sort(
        Comparator.comparingDouble(
            neighbour -> distance(query, clips.get(neighbour.clip())[neighbour.frame()])));
    return all.subList(0, Math.min(k, all.size()));
  }

  static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
    }
    return sum;
  }

  /** Every file below a folder with its content, to see whether anything changed. */
  public static SortedMap<String, String> contents(Path folder) throws IOException {
    SortedMap<String, String> contents = new TreeMap<>();
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          byte[] bytes = Files.readAllBytes(file);
          contents.put(
              folder.relativize(file).toString(),
              bytes.length + " bytes, hash " + Arrays.hashCode(bytes));
        }
      }
    }
    return contents;
  }
}
