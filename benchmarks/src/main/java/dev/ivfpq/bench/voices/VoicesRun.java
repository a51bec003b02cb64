// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.voices;

import dev.ivfpq.bench.data.VectorSet;
import dev.ivfpq.bench.run.Distance;
import dev.ivfpq.bench.run.GroundTruth;
import dev.ivfpq.rvc.StoreException;
import dev.ivfpq.rvc.npy.NpyWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.lucene.util.IOUtils;

/**
 * Puts a voice into a store and into the indexes it is compared with. The store is searched as it
 * comes, and tuned for a recall; the others so that theirs is at least that of the store as it
 * comes, faiss also as RVC does, with nprobe 1. After warming up all take turns in every round.
 */
public final class VoicesRun {
  private static final int LEAST_BLOCKS = 30;
  private static final int MOST_BLOCKS = 1000;
  private static final int LEAST_CLIP = 100;
  private static final int WARM_UP = 3;

  /** Of the memory's measurement. */
  private static final int MEMORY_QUERIES = 10_000;

  private final VoicesPlan plan;
  private final GroundTruth truth;
  private final QueryStream stream;
  private final Path folder;
  private final Consumer<String> log;

  private VoicesRun(VoicesPlan plan, GroundTruth truth, Path folder, Consumer<String> log) {
    this.plan = plan;
    this.truth = truth;
    this.stream = new QueryStream(truth.queries().rows(), plan.block());
    this.folder = folder;
    this.log = log;
  }

  /**
   * Measures.
   *
   * @param base the voice, at least k frames
   * @param queries at least two blocks, of the same dimensions
   * @param folder takes the indexes, and is deleted at the end
   * @param truths where the true neighbours are kept for another run on the same inputs
   * @param log hears what is going on
   */
  public static List<VoiceRow> run(
      VoicesPlan plan,
      VectorSet base,
      VectorSet queries,
      Path folder,
      Path truths,
      Consumer<String> log)
      throws IOException {
    log.accept("computing the true neighbours, unless they are known");
    GroundTruth truth = GroundTruth.cached(truths, base, queries, Distance.EUCLIDEAN, plan.k());
    // What a run that was killed left would be added to.
    IOUtils.rm(folder);
    try {
      return new VoicesRun(plan, truth, Files.createDirectories(folder), log).run();
    } finally {
      IOUtils.rm(folder);
    }
  }

  private List<VoiceRow> run() throws IOException {
    log.accept("building the store");
    Path store = folder.resolve("store");
    List<Contender> contenders = new ArrayList<>();
    FaissProcess faiss = null;
    try (BuiltStore built = BuiltStore.build(store, write("base.npy", truth.base()))) {
      contenders.add(StoreContender.plain(built, plan, truth, stream));
      double target = contenders.getFirst().recall();
      log.accept("tuning the store");
      Path queries = write("queries.npy", truth.queries());
      StoreContender tuned = tuned(built, queries);
      if (tuned != null) {
        contenders.add(tuned);
      }
      contenders.add(LuceneContender.exact(folder.resolve("flat"), plan, truth, stream));
      contenders.add(
          LuceneContender.graph(folder.resolve("hnsw"), target, plan, truth, stream, log));
      faiss = faiss(target);
      if (faiss != null) {
        contenders.addAll(FaissContender.of(faiss));
      }
      log.accept("timing");
      List<List<Contender.Round>> rounds = new ArrayList<>();
      int[] clips = race(contenders, rounds);
      log.accept("measuring memory");
      Double ofStore = MemoryProbe.residentMb(store, queries, plan, MEMORY_QUERIES);
      List<VoiceRow> rows = new ArrayList<>();
      for (int i = 0; i < clips.length; i++) {
        Contender contender = contenders.get(i);
        VoiceRow first = rows.isEmpty() ? null : rows.getFirst();
        Double resident =
            switch (contender) {
              // What is searched does not change what is kept.
              case StoreContender c -> first == null ? ofStore : null;
              case FaissContender c -> c.process().residentMb(c.nprobe(), MEMORY_QUERIES);
              default -> null;
            };
        rows.add(VoiceRow.of(contender, rounds.get(i), plan, clips[i], first, resident));
      }
      return rows;
    } finally {
      // Searchers before the store.
      IOUtils.closeWhileHandlingException(contenders);
      IOUtils.closeWhileHandlingException(faiss);
    }
  }

  /** Null, and said why, where there is nothing to tune. */
  private StoreContender tuned(BuiltStore built, Path queries) throws IOException {
    try {
      StoreContender tuned = StoreContender.tuned(built, queries, plan, truth, stream);
      if (tuned == null) {
        log.accept("no row of the tuned store: no parameter is best, or none does for the target");
      }
      return tuned;
    } catch (StoreException e) {
      log.accept("no row of the tuned store: " + e.getMessage());
      return null;
    }
  }

  /** Null, and said why, where there is none. */
  private FaissProcess faiss(double target) {
    if (plan.pythons().isEmpty()) {
      return null;
    }
    log.accept("building faiss's index");
    try {
      return FaissProcess.start(folder.resolve("faiss"), target, plan, truth);
    } catch (IOException e) {
      log.accept("no row of faiss: " + e.getMessage());
      return null;
    }
  }

  private Path write(String name, VectorSet set) throws IOException {
    Path file = folder.resolve(name);
    try (NpyWriter out = NpyWriter.create(file, set.size(), set.dims())) {
      for (float[] row : set.rows()) {
        out.write(row, 1);
      }
      out.finish();
    }
    return file;
  }

  /**
   * Times all in turns.
   *
   * @param timed gets the rounds of each
   * @return the frames of each one's clip
   */
  private int[] race(List<Contender> contenders, List<List<Contender.Round>> timed)
      throws IOException {
    double micros = plan.seconds() * 1e6;
    int[] blocks = new int[contenders.size()];
    int[] clips = new int[contenders.size()];
    for (int i = 0; i < blocks.length; i++) {
      timed.add(new ArrayList<>());
      blocks[i] = LEAST_BLOCKS;
      clips[i] = Math.min(plan.clip(), LEAST_CLIP);
    }
    for (int round = -WARM_UP; round < plan.rounds(); round++) {
      for (int i = 0; i < blocks.length; i++) {
        Contender.Round times = contenders.get(i).round(blocks[i], clips[i]);
        if (round >= 0) {
          timed.get(i).add(times);
        } else {
          double mean = Arrays.stream(times.blockMicros()).average().orElseThrow();
          blocks[i] = (int) Math.clamp(micros / mean, LEAST_BLOCKS, MOST_BLOCKS);
          clips[i] = Math.min(plan.clip(), (int) Math.max(LEAST_CLIP, micros / times.clipMicros()));
        }
      }
    }
    return clips;
  }
}
