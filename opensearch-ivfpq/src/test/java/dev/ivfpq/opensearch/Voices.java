// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch;

import dev.ivfpq.rvc.Clip;
import dev.ivfpq.rvc.npy.NpyReader;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Frames with their ids and speakers, and what a search of all of them must find. */
record Voices(List<Frame> frames) {
  static final int DIMS = 256;

  /** One document. */
  record Frame(String id, String speaker, float[] vector) {

    String json() {
      return "{\"speaker\":\"" + speaker + "\",\"frame\":" + Json.array(vector) + "}";
    }
  }

  /** The project's sample voices, each frame's id being speaker, clip and position. */
  static Voices samples() throws IOException {
    return read("voices");
  }

  /** Frames that are not among the samples, every {@code step}-th. */
  static List<float[]> queries(int step) throws IOException {
    List<Frame> all = read("held-out").frames;
    List<float[]> taken = new ArrayList<>();
    for (int i = 0; i < all.size(); i += step) {
      taken.add(all.get(i).vector);
    }
    return taken;
  }

  private static Voices read(String kind) throws IOException {
    Path folder = Path.of(System.getProperty("tests.root"), "examples", kind);
    TreeSet<Path> speakers = new TreeSet<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder)) {
      folders.forEach(speakers::add);
    }
    List<Frame> frames = new ArrayList<>();
    for (Path speaker : speakers) {
      String name = speaker.getFileName().toString();
      for (Clip clip : Clip.inFolder(speaker)) {
        try (NpyReader reader = NpyReader.open(clip.file())) {
          for (float[] row : reader.readAll()) {
            frames.add(new Frame(name + "-" + frames.size(), name, row));
          }
        }
      }
    }
    return new Voices(frames);
  }

  /** The first n frames of each speaker. */
  Voices first(int n) {
    Map<String, List<Frame>> bySpeaker = new LinkedHashMap<>();
    for (Frame frame : frames) {
      List<Frame> taken = bySpeaker.computeIfAbsent(frame.speaker, s -> new ArrayList<>());
      if (taken.size() < n) {
        taken.add(frame);
      }
    }
    return new Voices(bySpeaker.values().stream().flatMap(Collection::stream).toList());
  }

  /** Ids of the k frames nearest to a query among the accepted ones, by doubles, best first. */
  List<String> nearest(float[] query, int k, Predicate<Frame> accepted) {
    record Far(String id, double distance) {}
    return frames.stream()
        .filter(accepted)
        .map(frame -> new Far(frame.id, squaredDistance(query, frame.vector)))
        .sorted(Comparator.comparingDouble(Far::distance))
        .limit(k)
        .map(Far::id)
        .toList();
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
