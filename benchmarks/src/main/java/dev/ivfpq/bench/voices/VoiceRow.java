// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.voices;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One way of converting to the voice; medians over the rounds. One thread.
 *
 * @param p50 microseconds of a block, search and blend
 * @param blocks timed in a round
 * @param clipMicros microseconds a frame of a whole clip
 * @param clip frames of that clip; slow systems are timed on the beginning of it
 * @param timesStore p50 by that of the store
 * @param residentMb memory of a process that converts, mapped files apart; null where unknown
 */
public record VoiceRow(
    @JsonProperty("system") String system,
    @JsonProperty("setting") String setting,
    @JsonProperty("recall") double recall,
    @JsonProperty("topK") int k,
    @JsonProperty("block_frames") int block,
    @JsonProperty("block_p50_us") double p50,
    @JsonProperty("block_p99_us") double p99,
    @JsonProperty("blocks_a_round") int blocks,
    @JsonProperty("clip_us_a_frame") double clipMicros,
    @JsonProperty("clip_frames") int clip,
    @JsonProperty("times_ivfpq_block") double timesStore,
    @JsonProperty("times_ivfpq_clip") double timesStoreClip,
    @JsonProperty("resident_mb") Double residentMb,
    @JsonProperty("index_s") double indexSeconds) {

  /**
   * @param rounds at least one
   * @param store the row that this one is compared with; null for the store's own
   */
  static VoiceRow of(
      Contender contender,
      List<Contender.Round> rounds,
      VoicesPlan plan,
      int clip,
      VoiceRow store,
      Double residentMb) {
    double p50 = median(rounds, round -> quantile(round.blockMicros(), .5));
    double clipMicros = median(rounds, Contender.Round::clipMicros);
    return new VoiceRow(
        contender.system(),
        contender.setting(),
        contender.recall(),
        plan.k(),
        plan.block(),
        p50,
        median(rounds, round -> quantile(round.blockMicros(), .99)),
        rounds.getFirst().blockMicros().length,
        clipMicros,
        clip,
        store == null ? 1 : p50 / store.p50(),
        store == null ? 1 : clipMicros / store.clipMicros(),
        residentMb,
        contender.indexSeconds());
  }

  private static double median(
      List<Contender.Round> rounds, ToDoubleFunction<Contender.Round> figure) {
    return quantile(rounds.stream().mapToDouble(figure).toArray(), .5);
  }

  /** Nearest rank. */
  private static double quantile(double[] values, double share) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.ceil(share * sorted.length) - 1];
  }
}
