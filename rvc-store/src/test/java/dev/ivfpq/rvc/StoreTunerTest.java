// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ivfpq.IvfPqSearchParameters;
import dev.ivfpq.IvfPqSearcher;
import dev.ivfpq.rvc.npy.NpyBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Measured recall, compared with brute force, and what becomes of it. */
class StoreTunerTest {
  private static final int DIMS = 24;
  private static final int K = 8;

  @TempDir Path temp;

  private final SortedMap<String, float[][]> anna = VoicesOnDisk.clips(1, 5, 300, DIMS);
  private final SortedMap<String, float[][]> bert = VoicesOnDisk.clips(2, 4, 300, DIMS);
  private final float[][] query = Frames.speech(7, 40, DIMS);
  private VoiceStore store;
  private Path clip;

  @BeforeEach
  void makeStore() throws IOException {
    store = VoiceStore.openOrCreate(temp.resolve("store"));
    VoicesOnDisk.add(store, temp, "anna", anna);
    VoicesOnDisk.add(store, temp, "bert", bert);
    assertTrue(store.info().segments().getFirst().nlist() > 1);
    clip = temp.resolve("query.npy");
    NpyBytes.write(clip, query);
  }

  @AfterEach
  void closeStore() throws IOException {
    store.close();
  }

  private TuningPlan plan(double target, Path... clips) {
    return new TuningPlan(SearchSettings.DEFAULT, OptionalInt.empty(), List.of(clips), 100, target);
  }

  private static double kth(float[] frame, List<float[]> rows, int k) {
    double[] distances = rows.stream().mapToDouble(row -> Frames.distance(frame, row)).toArray();
    Arrays.sort(distances);
    return distances[Math.min(k, distances.length) - 1];
  }

  private List<float[]> rows(String leftOut) {
    List<float[]> rows = new ArrayList<>();
    for (var voice : Map.of("anna", anna, "bert", bert).entrySet()) {
      voice
          .getValue()
          .forEach(
              (name, frames) -> {
                if (!(voice.getKey() + name).equals(leftOut)) {
                  rows.addAll(List.of(frames));
                }
              });
    }
    return rows;
  }

  @Test
  void testRecallOfEachEffortIsThatOfItsHits() throws IOException {
    Tuning tuning = new StoreTuner(store).measure(plan(.95, clip), Progress.NONE);
    assertEquals(HoldOut.GIVEN_CLIPS, tuning.holdOut());
    assertEquals(query.length, tuning.frames());
    assertTrue(tuning.efforts().getFirst().isOwnDefault());
    assertTrue(tuning.efforts().getFirst().recall() > .8);
    List<float[]> all = rows("");
    double[] kth = Arrays.stream(query).mapToDouble(frame -> kth(frame, all, K)).toArray();
    boolean different = false;
    for (MeasuredEffort effort : tuning.efforts()) {
      IvfPqSearchParameters scan =
          effort.isOwnDefault()
              ? IvfPqSearchParameters.DEFAULT
              : IvfPqSearchParameters.DEFAULT
                  .withNprobe(effort.nprobe())
                  .withKFactor(effort.kFactor());
      var found = store.retrieve(query, SearchSettings.DEFAULT.withScan(scan));
      long right = 0;
      for (int i = 0; i < query.length; i++) {
        double farthest = kth[i] * (1 + 1e-6);
        right += found.get(i).stream().filter(hit -> hit.distance() <= farthest).count();
      }
      assertEquals((double) right / (K * query.length), effort.recall(), 1e-12, effort.toString());
      assertTrue(effort.micros() > 0);
      different |= effort.recall() < .9;
    }
    assertTrue(different, "one list and k-factor 2 find less");
  }

  @Test
  void testFramesOfTheStoreDoNotFindTheirOwnClip() throws IOException {
    try (FrameSearcher searcher = store.searcher(SearchSettings.DEFAULT)) {
      HeldOutFrames heldOut = HeldOutFrames.ofStore(searcher, 60);
      assertEquals(HoldOut.OWN_CLIP, heldOut.holdOut());
      assertEquals(60, heldOut.count());
      EffortMeter meter = new EffortMeter(searcher, heldOut);
      meter.findTruth(Progress.NONE);
      assertEquals(1, meter.recall(EffortMeter.exhaustive(searcher)));
      var lookup = new IvfPqSearcher(searcher.snapshot(), StoreLayout.vectorField(DIMS));
      NearestFrames nearest = new NearestFrames(K);
      for (HeldOutFrames.Group group : heldOut.groups()) {
        for (float[] frame : group.frames()) {
          var hits =
              lookup.search(List.of(frame), K, group.filter(), EffortMeter.exhaustive(searcher));
          searcher.measure(frame, hits.getFirst(), nearest);
          assertEquals(
              kth(frame, rows(clipOf(frame)), K), nearest.distances[nearest.count - 1], 1e-9);
        }
      }
    }
  }

  private String clipOf(float[] frame) {
    for (var voice : Map.of("anna", anna, "bert", bert).entrySet()) {
      for (var one : voice.getValue().entrySet()) {
        if (Arrays.stream(one.getValue()).anyMatch(row -> Arrays.equals(row, frame))) {
          return voice.getKey() + one.getKey();
        }
      }
    }
    throw new AssertionError("a frame of no clip");
  }

  @Test
  void testFramesOfTheOnlyClipDoNotFindThemselves() throws IOException {
    try (VoiceStore one = VoiceStore.openOrCreate(temp.resolve("one"))) {
      float[][] rows = Frames.speech(9, 1500, DIMS);
      VoicesOnDisk.add(one, temp, "carl", Map.of("all", rows));
      Tuning tuning = new StoreTuner(one).measure(plan(.95), Progress.NONE);
      assertEquals(HoldOut.OWN_FRAME, tuning.holdOut());
      assertEquals(1, tuning.best().recall(), .02);
      // The frame itself, which every effort finds, is not counted.
      assertTrue(tuning.efforts().get(1).recall() < .8, tuning.efforts().get(1).toString());
    }
  }

  @Test
  void testCheapestThatReachesTheTargetIsChosen() {
    MeasuredEffort own = new MeasuredEffort(0, 0, .96, 50);
    MeasuredEffort cheap = new MeasuredEffort(4, 2, .90, 10);
    MeasuredEffort good = new MeasuredEffort(8, 4, .95, 30);
    MeasuredEffort slow = new MeasuredEffort(16, 8, .99, 60);
    MeasuredEffort slower = new MeasuredEffort(32, 8, .99, 90);
    List<MeasuredEffort> efforts = List.of(own, cheap, good, slow, slower);
    assertEquals(Optional.of(good), tuning(.95, efforts).cheapest());
    assertEquals(Optional.of(own), tuning(.955, efforts).cheapest());
    assertEquals(Optional.of(slow), tuning(.97, efforts).cheapest());
    assertEquals(Optional.empty(), tuning(.991, efforts).cheapest());
    assertEquals(slow, tuning(.95, efforts).best());
  }

  private static Tuning tuning(double target, List<MeasuredEffort> efforts) {
    return new Tuning(DIMS, K, 100, HoldOut.OWN_CLIP, target, efforts);
  }

  @Test
  void testChosenDefaultIsUsedAndSurvivesChanges() throws IOException {
    Tuning tuning = new StoreTuner(store).tune(plan(.9, clip), Progress.NONE);
    MeasuredEffort chosen = tuning.cheapest().orElseThrow();
    assertTrue(chosen.recall() >= .9);
    if (chosen.isOwnDefault()) {
      assertEquals(Map.of(), store.scanDefaults());
    } else {
      ScanDefault kept = new ScanDefault(chosen.nprobe(), chosen.kFactor(), chosen.recall());
      assertEquals(Map.of(DIMS, kept), store.scanDefaults());
    }
    // So low an effort that it shows.
    ScanDefault one = new ScanDefault(1, 1, .5);
    store.setScanDefault(DIMS, one);
    var asked =
        SearchSettings.DEFAULT.withScan(IvfPqSearchParameters.DEFAULT.withNprobe(1).withKFactor(1));
    assertEquals(store.retrieve(query, asked), store.retrieve(query, SearchSettings.DEFAULT));
    VoicesOnDisk.add(store, temp, "carl", VoicesOnDisk.clips(3, 1, 50, DIMS));
    store.rename("carl", "dora", Progress.NONE);
    store.remove("dora", Progress.NONE);
    try (VoiceStore again = VoiceStore.open(store.folder())) {
      assertEquals(Map.of(DIMS, one), again.scanDefaults());
    }
    store.clearScanDefault(DIMS);
    assertEquals(Map.of(), store.scanDefaults());
    var before = Frames.contents(store.folder());
    store.clearScanDefault(DIMS);
    assertEquals(before, Frames.contents(store.folder()), "nothing to take back");
  }

  private String refusal(VoiceStore of, TuningPlan plan) {
    return assertThrows(StoreException.class, () -> new StoreTuner(of).measure(plan, Progress.NONE))
        .getMessage();
  }

  @Test
  void testWhatCannotBeMeasuredIsSaid() throws IOException {
    try (VoiceStore small = VoiceStore.openOrCreate(temp.resolve("small"))) {
      VoicesOnDisk.add(small, temp, "anna", VoicesOnDisk.clips(1, 2, 50, DIMS));
      assertEquals(
          small.folder()
              + ": few frames of 24 dims, which are all searched exactly; there is nothing to tune",
          refusal(small, plan(.95)));
    }
    Path wide = temp.resolve("wide.npy");
    NpyBytes.write(wide, Frames.speech(1, 10, 32));
    assertEquals(
        wide + ": 32 dims, but " + clip + " has 24", refusal(store, plan(.95, clip, wide)));
    assertEquals(
        wide + ": 32 dims, 24 are asked for", refusal(store, plan(.95, wide).withDims(24)));
    for (String name : anna.keySet()) {
      store.mute(new ClipId("anna", name));
    }
    TuningPlan muted =
        new TuningPlan(
            SearchSettings.DEFAULT.withSpeaker("anna"), OptionalInt.empty(), List.of(), 100, .9);
    assertEquals(
        "all clips of these voices are muted; unmute some to measure with", refusal(store, muted));
    assertTrue(Files.exists(store.folder()));
  }

  @Test
  void testNumbersOutOfRangeAreRefused() {
    assertEquals(
        "frames must be in [10, 100000], got frames=9",
        assertThrows(IllegalArgumentException.class, () -> TuningPlan.DEFAULT.withFrames(9))
            .getMessage());
    assertEquals(
        "target-recall must be in (0, 1], got target-recall=NaN",
        assertThrows(IllegalArgumentException.class, () -> plan(Double.NaN)).getMessage());
  }

  @Test
  void testCoverageIsTheNearestOfAnotherClip() throws IOException {
    VoiceCoverage coverage = new CoverageMeter(store, 10_000).measure("bert").orElseThrow();
    assertEquals(1200, coverage.frames());
    List<float[]> own = new ArrayList<>();
    bert.values().forEach(rows -> own.addAll(List.of(rows)));
    // Mean over all ordered pairs, which is what twice the variance stands for.
    double sum = 0;
    for (float[] a : own) {
      for (float[] b : own) {
        sum += Frames.distance(a, b);
      }
    }
    double mean = sum / (1200.0 * 1199);
    assertEquals(mean, CoverageMeter.meanDistance(own), mean * 1e-4);
    long near = 0;
    for (var one : bert.entrySet()) {
      for (float[] frame : one.getValue()) {
        double nearest = Double.POSITIVE_INFINITY;
        for (var other : bert.entrySet()) {
          if (!other.getKey().equals(one.getKey())) {
            nearest = Math.min(nearest, kth(frame, List.of(other.getValue()), 1));
          }
        }
        near += nearest <= VoiceCoverage.NEAR * mean ? 1 : 0;
      }
    }
    // Found at recall .99.
    assertEquals(1 - near / 1200.0, coverage.alone(), .02);
  }
}
