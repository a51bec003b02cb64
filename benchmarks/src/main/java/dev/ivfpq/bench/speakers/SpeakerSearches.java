// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.speakers;

import dev.ivfpq.bench.data.VectorSet;
import dev.ivfpq.bench.run.Distance;
import dev.ivfpq.bench.run.GroundTruth;
import dev.ivfpq.rvc.Clip;
import dev.ivfpq.rvc.FrameSearcher;
import dev.ivfpq.rvc.Neighbour;
import dev.ivfpq.rvc.SearchSettings;
import dev.ivfpq.rvc.VoiceStore;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Searches the frames of single speakers with those of a stranger, and counts what is right. */
final class SpeakerSearches {
  /** Speakers that are searched, all over the store. */
  private static final int SPEAKERS = 20;

  private final SpeakersPlan plan;
  private final VectorSet queries;
  private final int[] speakers;
  private final GroundTruth[] truths;

  /**
   * @param clips by speaker's number
   */
  SpeakerSearches(SpeakersPlan plan, List<Clip> clips, VectorSet queries) throws IOException {
    this.plan = plan;
    this.queries = queries;
    int[] staying = IntStream.range(0, plan.speakers()).filter(plan::stays).toArray();
    this.speakers = new int[Math.min(SPEAKERS, staying.length)];
    this.truths = new GroundTruth[speakers.length];
    for (int i = 0; i < speakers.length; i++) {
      speakers[i] = staying[(int) ((long) i * staying.length / speakers.length)];
      VectorSet frames = new VectorSet(SpeakerFiles.read(clips.get(speakers[i])));
      truths[i] = GroundTruth.compute(frames, queries, Distance.EUCLIDEAN, plan.k());
    }
  }

  /** Searches a store. */
  SearchRow run(String when, VoiceStore store) throws IOException {
    SearchSettings settings = SearchSettings.DEFAULT.withK(plan.k());
    double[] first = new double[speakers.length];
    double[] micros = new double[speakers.length * queries.size() * plan.rounds()];
    int timed = 0;
    long right = 0;
    for (int i = 0; i < speakers.length; i++) {
      String speaker = SpeakerFiles.name(speakers[i]);
      try (FrameSearcher searcher = store.searcher(settings.withSpeaker(speaker))) {
        long start = System.nanoTime();
        searcher.search(queries.rows()[0]);
        first[i] = (System.nanoTime() - start) / 1e3;
        right += right(searcher, truths[i]);
      }
    }
    for (int round = 0; round < plan.rounds(); round++) {
      for (int number : speakers) {
        String speaker = SpeakerFiles.name(number);
        try (FrameSearcher searcher = store.searcher(settings.withSpeaker(speaker))) {
          for (float[] query : queries.rows()) {
            long start = System.nanoTime();
            searcher.search(query);
            micros[timed++] = (System.nanoTime() - start) / 1e3;
          }
        }
      }
    }
    Arrays.sort(micros);
    Arrays.sort(first);
    double wanted = (double) speakers.length * queries.size() * plan.k();
    return new SearchRow(
        when,
        speakers.length,
        queries.size(),
        plan.k(),
        right / wanted,
        quantile(micros, .5),
        quantile(micros, .99),
        quantile(first, .5));
  }

  /** Warms up as well: every speaker is searched with every query. */
  private long right(FrameSearcher searcher, GroundTruth truth) throws IOException {
    long right = 0;
    for (int query = 0; query < queries.size(); query++) {
      for (Neighbour found : searcher.search(queries.rows()[query])) {
        right += truth.isNeighbour(query, truth.base().rows()[found.frame()]) ? 1 : 0;
      }
    }
    return right;
  }

  /** Nearest rank. */
  private static double quantile(double[] sorted, double share) {
    return sorted[(int) Math.ceil(share * sorted.length) - 1];
  }
}
