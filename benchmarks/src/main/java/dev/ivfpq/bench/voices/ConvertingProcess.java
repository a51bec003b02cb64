// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.voices;

import dev.ivfpq.rvc.Blend;
import dev.ivfpq.rvc.Mix;
import dev.ivfpq.rvc.SearchSettings;
import dev.ivfpq.rvc.VoiceSession;
import dev.ivfpq.rvc.VoiceStore;
import dev.ivfpq.rvc.npy.NpyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A program that converts and does nothing else, and says at the end what memory it takes. It has
 * one block of frames at a time, as a stream has.
 */
final class ConvertingProcess {
  private static final Path STATUS = Path.of("/proc/self/status");

  /** What is resident and of no file: mapped segments are not counted. */
  private static final String ANONYMOUS = "RssAnon:";

  private ConvertingProcess() {}

  /**
   * Converts to the voice of a store, block by block, and prints bytes, or nothing where the system
   * does not tell.
   *
   * @param args store, {@code .npy} file of at least two blocks, k, frames of a block, frames in
   *     all
   */
  public static void main(String[] args) throws IOException {
    int k = Integer.parseInt(args[2]);
    int block = Integer.parseInt(args[3]);
    int count = Integer.parseInt(args[4]);
    SearchSettings settings = SearchSettings.DEFAULT.withK(k);
    Blend blend = new Blend(VoicesPlan.INDEX_RATE);
    try (VoiceStore store = VoiceStore.open(Path.of(args[0]));
        NpyReader queries = NpyReader.open(Path.of(args[1]));
        VoiceSession session = store.session(Mix.of(StoreContender.VOICE), settings, block)) {
      int dims = session.dims();
      float[] rows = new float[block * dims];
      float[][] frames = new float[block][dims];
      int next = 0;
      for (int done = 0; done < count; done += block) {
        next = next + block > queries.rows() ? 0 : next;
        queries.read(next, block, rows);
        next += block;
        for (int i = 0; i < block; i++) {
          System.arraycopy(rows, i * dims, frames[i], 0, dims);
        }
        session.convert(frames, block, blend, frames);
      }
      print();
    }
  }

  private static void print() throws IOException {
    if (Files.isReadable(STATUS)) {
      Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith(ANONYMOUS))
          .map(line -> Arrays.asList(line.split("\\s+")).get(1))
          .forEach(kilobytes -> System.out.println(Long.parseLong(kilobytes) << 10));
    }
  }
}
