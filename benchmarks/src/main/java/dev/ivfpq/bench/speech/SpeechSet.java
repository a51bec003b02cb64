// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.speech;

import dev.ivfpq.rvc.npy.NpyWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntConsumer;

/**
 * A set of speech-like vectors to be written. The same settings give the same bytes on the same
 * Java.
 *
 * <p>Speakers come one after the other, each with an equal share of the frames, in the order of
 * their numbers. The base has speakers 0 to {@code speakers - 1}, queries are of {@value
 * #QUERY_SPEAKERS} others, fewer if there are fewer queries. In memory are the phones, one speaker
 * and one frame, whatever the number of frames.
 *
 * @param n frames of the base
 * @param dims of each frame, d
 * @param speakers of the base
 * @param queries frames of the queries
 * @param seed of everything
 */
public record SpeechSet(int n, int dims, int speakers, int queries, long seed) {
  /** Speakers of the queries. */
  static final int QUERY_SPEAKERS = 5;

  /** As many as Lucene's own formats take is 1,024; more is for others. */
  private static final int MAX_DIMS = 4096;

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException naming the one that is out of bounds
   */
  public SpeechSet {
    checkPositive("n", n);
    if (dims < 2 || dims > MAX_DIMS) {
      throw new IllegalArgumentException("dims must be in [2, " + MAX_DIMS + "], got " + dims);
    }
    checkPositive("queries", queries);
    if (speakers < 1 || speakers > n) {
      throw new IllegalArgumentException("speakers must be in [1, n=" + n + "], got " + speakers);
    }
  }

  private static void checkPositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, got " + value);
    }
  }

  /**
   * Writes {@code base.npy} (n, d) and {@code query.npy} (queries, d) of float32, and {@code
   * speaker.npy} (n), the speakers of the base's rows as int32.
   *
   * @param folder made if missing; files of these names are replaced
   * @param progress is told how many speakers are done, after each
   * @throws IllegalArgumentException if {@code folder} is something else
   * @throws IOException if writing fails
   */
  public void write(Path folder, IntConsumer progress) throws IOException {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new IllegalArgumentException(folder + ": not a folder; name the folder to write into");
    }
    Files.createDirectories(folder);
    Voices voices = new Voices(seed, dims);
    int strangers = Math.min(QUERY_SPEAKERS, queries);
    try (NpyWriter base = NpyWriter.create(folder.resolve("base.npy"), n, dims);
        NpyWriter query = NpyWriter.create(folder.resolve("query.npy"), queries, dims);
        SpeakerFile numbers = SpeakerFile.create(folder.resolve("speaker.npy"), n)) {
      for (int i = 0; i < speakers; i++) {
        int frames = share(n, speakers, i);
        voices.write(i, frames, base);
        numbers.write(i, frames);
        progress.accept(i + 1);
      }
      for (int i = 0; i < strangers; i++) {
        voices.write(speakers + i, share(queries, strangers, i), query);
        progress.accept(speakers + i + 1);
      }
      base.finish();
      query.finish();
      numbers.finish();
    }
  }

  /** Of {@code whole} in {@code parts} nearly equal parts, the one numbered {@code i}. */
  private static int share(int whole, int parts, int i) {
    return whole / parts + (i < whole % parts ? 1 : 0);
  }
}
