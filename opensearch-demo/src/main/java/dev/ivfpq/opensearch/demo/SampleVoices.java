// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch.demo;

import dev.ivfpq.rvc.Clip;
import dev.ivfpq.rvc.npy.NpyReader;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The frames to index, and a clip of another speaker to search one voice with.
 *
 * @param frames of all speakers
 * @param clip held out, of {@link #SPOKEN_BY}
 */
record SampleVoices(List<Frame> frames, List<float[]> clip) {
  static final String SPOKEN_BY = "slt";
  static final String TARGET = "rms";

  /** One document. */
  record Frame(String id, String speaker, float[] vector) {}

  static SampleVoices read(Path examples) throws IOException {
    TreeSet<Path> speakers = new TreeSet<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(examples.resolve("voices"))) {
      folders.forEach(speakers::add);
    }
    List<Frame> frames = new ArrayList<>();
    for (Path folder : speakers) {
      String speaker = folder.getFileName().toString();
      for (Clip clip : Clip.inFolder(folder)) {
        for (float[] vector : rows(clip.file())) {
          frames.add(new Frame(speaker + "-" + frames.size(), speaker, vector));
        }
      }
    }
    return new SampleVoices(
        frames, rows(examples.resolve(Path.of("held-out", SPOKEN_BY, "000.npy"))));
  }

  private static List<float[]> rows(Path file) throws IOException {
    try (NpyReader reader = NpyReader.open(file)) {
      return List.of(reader.readAll());
    }
  }

  int dims() {
    return clip.get(0).length;
  }

  int speakers() {
    return (int) frames.stream().map(Frame::speaker).distinct().count();
  }

  /** Ids of the k frames of {@link #TARGET} nearest to a frame. */
  Set<String> nearest(float[] query, int k) {
    record Far(String id, double distance) {}
    return frames.stream()
        .filter(frame -> frame.speaker().equals(TARGET))
        .map(frame -> new Far(frame.id(), squaredDistance(query, frame.vector())))
        .sorted(Comparator.comparingDouble(Far::distance))
        .limit(k)
        .map(Far::id)
        .collect(Collectors.toSet());
  }

  static double squaredDistance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = (double) a[i] - b[i];
      sum += difference * difference;
    }
    return sum;
  }
}
