// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ivfpq.rvc.npy.NpyBytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.Lock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which frames stay, and what is said of the loss, compared with brute force. */
class VoiceThinnerTest {
  private static final int DIMS = 16;

  @TempDir Path temp;

  private final SortedMap<String, float[][]> anna = VoicesOnDisk.clips(1, 4, 60, DIMS);
  private final SortedMap<String, float[][]> bert = VoicesOnDisk.clips(2, 2, 60, DIMS);
  private final float[][] query = Frames.speech(7, 30, DIMS);
  private VoiceStore store;
  private VoiceThinner thinner;
  private Path clip;

  @BeforeEach
  void makeStore() throws IOException {
    store = VoiceStore.openOrCreate(temp.resolve("store"));
    VoicesOnDisk.add(store, temp, "bert", bert);
    VoicesOnDisk.add(store, temp, "anna", anna);
    thinner = new VoiceThinner(store);
    clip = temp.resolve("query.npy");
    NpyBytes.write(clip, query);
  }

  @AfterEach
  void checkStore() throws IOException {
    assertEquals(List.of(), store.check(Progress.NONE));
    store.close();
  }

  /** All frames of a voice that are stored, by clip and number. */
  private SortedMap<String, float[]> stored(String speaker) throws IOException {
    SortedMap<String, float[]> found = new TreeMap<>();
    store
        .snapshots()
        .<Void>ask(
            snapshot -> {
              new StoredFrames(snapshot.getIndexReader(), speaker, DIMS)
                  .forEach(
                      (name, number, vector) -> found.put(name + "/" + number, vector.clone()));
              return null;
            });
    return found;
  }

  /** The method, the plain way: every distance, pair after pair. */
  private static SortedSet<String> expected(SortedMap<String, float[][]> clips, int goal) {
    List<String> names = new ArrayList<>();
    List<float[]> rows = new ArrayList<>();
    clips.forEach(
        (name, frames) -> {
          for (int i = 0; i < frames.length; i++) {
            names.add(name + "/" + i);
            rows.add(frames[i]);
          }
        });
    List<Integer> left = new ArrayList<>(IntStream.range(0, rows.size()).boxed().toList());
    record Pair(int a, int b, float distance) {}
    while (left.size() > goal) {
      int stop = Math.max(goal, (left.size() + 1) / 2);
      List<Pair> pairs = new ArrayList<>();
      float[] reach = new float[rows.size()];
      for (int a : left) {
        List<Pair> own = new ArrayList<>();
        for (int b : left) {
          if (a != b) {
            own.add(new Pair(a, b, (float) Frames.distance(rows.get(a), rows.get(b))));
          }
        }
        own.sort(Comparator.comparingDouble(Pair::distance));
        List<Pair> nearest = own.subList(0, Math.min(16, own.size()));
        pairs.addAll(nearest);
        reach[a] = nearest.getLast().distance();
      }
      pairs.sort(Comparator.comparingDouble(Pair::distance));
      for (Pair pair : pairs) {
        if (left.size() > stop && left.contains(pair.a()) && left.contains(pair.b())) {
          int gone =
              reach[pair.a()] == reach[pair.b()]
                  ? Math.max(pair.a(), pair.b())
                  : reach[pair.a()] < reach[pair.b()] ? pair.a() : pair.b();
          left.remove((Integer) gone);
        }
      }
    }
    SortedSet<String> stay = new TreeSet<>();
    left.forEach(i -> stay.add(names.get(i)));
    return stay;
  }

  @Test
  void testFramesThatStayAreThoseOfThePlainMethodWithTheirPlaces() throws IOException {
    for (int goal : new int[] {200, 90, 10, 1}) {
      SortedMap<String, float[][]> now = new TreeMap<>(VoicesOnDisk.clips(goal, 4, 60, DIMS));
      VoicesOnDisk.add(store, temp, "v" + goal, now);
      SortedMap<String, float[]> others = stored("anna");
      Thinning thinning =
          thinner.thin(
              ThinningPlan.toFrames("v" + goal, goal).withClips(List.of(clip)), Progress.NONE);
      assertEquals(240, thinning.framesBefore());
      assertEquals(goal, thinning.framesAfter());
      SortedMap<String, float[]> stay = stored("v" + goal);
      assertEquals(expected(now, goal), new TreeSet<>(stay.keySet()));
      stay.forEach(
          (place, vector) -> {
            String[] parts = place.split("/");
            assertArrayEquals(now.get(parts[0])[Integer.parseInt(parts[1])], vector);
          });
      assertEquals(
          4 - stay.keySet().stream().map(p -> p.split("/")[0]).distinct().count(),
          thinning.clipsLost());
      assertEquals(others.keySet(), stored("anna").keySet());
    }
  }

  @Test
  void testChangeIsThatOfBruteForceAndDryRunChangesNothing() throws IOException {
    var before = Frames.contents(store.folder());
    ThinningPlan plan = ThinningPlan.toShare("anna", .25).withClips(List.of(clip));
    Thinning preview = thinner.preview(plan, Progress.NONE);
    assertEquals(before, Frames.contents(store.folder()));
    assertEquals(OptionalDouble.empty(), preview.recallAfter());
    assertEquals(60, preview.framesAfter());
    List<float[]> all = List.copyOf(stored("anna").values());
    Thinning done = thinner.thin(plan, Progress.NONE);
    List<float[]> some = List.copyOf(stored("anna").values());
    assertEquals(preview.change(), done.change());
    double moved = 0;
    double nearest = 0;
    double nearestAfter = 0;
    int stay = 0;
    for (float[] frame : query) {
      List<float[]> was = nearest(frame, all);
      List<float[]> is = nearest(frame, some);
      moved +=
          distance(voice(frame, is), voice(frame, was))
              / distance(voice(frame, was), new double[DIMS]);
      nearest += Frames.distance(frame, was.getFirst());
      nearestAfter += Frames.distance(frame, is.getFirst());
      for (float[] one : was) {
        stay += some.stream().anyMatch(row -> Arrays.equals(row, one)) ? 1 : 0;
      }
    }
    assertEquals(moved / query.length, done.change().blend(), 1e-9);
    assertEquals(nearestAfter / nearest - 1, done.change().nearest(), 1e-9);
    assertEquals(stay / (8.0 * query.length), done.change().neighboursKept(), 1e-12);
    assertTrue(done.change().blend() > .01 && done.change().nearest() > 0);
    assertEquals(HoldOut.GIVEN_CLIPS, done.change().holdOut());
    // So small a store is searched exactly.
    assertEquals(1, done.recallBefore());
    assertEquals(OptionalDouble.of(1), done.recallAfter());
    assertTrue(done.storeBytesAfter().getAsLong() < done.storeBytesBefore());
    assertEquals(store.info().bytes(), done.storeBytesAfter().getAsLong());
  }

  private static List<float[]> nearest(float[] frame, List<float[]> rows) {
    return rows.stream()
        .sorted(Comparator.comparingDouble(row -> Frames.distance(frame, row)))
        .limit(8)
        .toList();
  }

  /** RVC's formula as it is written. */
  private static double[] voice(float[] frame, List<float[]> rows) {
    double[] sum = new double[DIMS];
    double weights = 0;
    for (float[] row : rows) {
      double weight = Math.pow(1 / Frames.distance(frame, row), 2);
      weights += weight;
      for (int j = 0; j < DIMS; j++) {
        sum[j] += weight * row[j];
      }
    }
    for (int j = 0; j < DIMS; j++) {
      sum[j] /= weights;
    }
    return sum;
  }

  private static double distance(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += (a[j] - b[j]) * (a[j] - b[j]);
    }
    return Math.sqrt(sum);
  }

  @Test
  void testDuplicatesGoFirstAndNothingIsNoticed() throws IOException {
    SortedMap<String, float[][]> twice = new TreeMap<>();
    float[][] rows = Frames.speech(5, 100, DIMS);
    twice.put("a", rows);
    twice.put("b", rows);
    VoicesOnDisk.add(store, temp, "twin", twice);
    Thinning thinning =
        thinner.thin(ThinningPlan.toShare("twin", .5).withClips(List.of(clip)), Progress.NONE);
    SortedSet<Integer> numbers = new TreeSet<>();
    stored("twin").keySet().forEach(place -> numbers.add(Integer.valueOf(place.substring(2))));
    assertEquals(100, numbers.size(), "one of each");
    assertEquals(0, thinning.change().nearest(), 1e-12);
  }

  @Test
  void testMutedClipsAreNeitherCountedNorTouched() throws IOException {
    store.mute(new ClipId("anna", "c1"));
    Thinning thinning = thinner.thin(ThinningPlan.toFrames("anna", 50), Progress.NONE);
    assertEquals(180, thinning.framesBefore());
    assertEquals(HoldOut.OWN_CLIP, thinning.change().holdOut());
    assertEquals(180, thinning.change().frames());
    SortedMap<String, float[]> stay = stored("anna");
    assertEquals(110, stay.size());
    assertEquals(60, stay.keySet().stream().filter(place -> place.startsWith("c1/")).count());
    assertEquals(List.of("c1"), store.info().speakers().getFirst().muted());
  }

  @Test
  void testLargeVoiceIsThinnedOverLists() throws IOException {
    SortedMap<String, float[][]> large = VoicesOnDisk.clips(4, 8, 400, DIMS);
    VoicesOnDisk.add(store, temp, "large", large);
    Thinning thinning = thinner.thin(ThinningPlan.toShare("large", .6), Progress.NONE);
    assertEquals(1920, thinning.framesAfter());
    assertEquals(1920, stored("large").size());
    assertTrue(thinning.recallAfter().getAsDouble() > .9, thinning.toString());
    assertEquals(bert.size() * 60, stored("bert").size());
  }

  private String refusal(ThinningPlan plan) {
    return assertThrows(StoreException.class, () -> thinner.thin(plan, Progress.NONE)).getMessage();
  }

  @Test
  void testWhatCannotBeThinnedIsSaid() throws IOException {
    assertEquals(
        store.folder()
            + ": the voice \"anna\" has 240 frames that are found, no more than the 240 that are to"
            + " stay; ask for fewer",
        refusal(ThinningPlan.toFrames("anna", 240)));
    assertEquals(
        store.folder() + ": no speaker \"carl\" in this store; it has anna, bert",
        refusal(ThinningPlan.toFrames("carl", 1)));
    try (Directory directory = FSDirectory.open(store.folder());
        Lock lock = directory.obtainLock("write.lock")) {
      assertEquals(
          store.folder()
              + ": locked, another process is changing this store; try again when it is done",
          refusal(ThinningPlan.toFrames("anna", 10)));
      lock.ensureValid();
    }
    assertEquals(240, stored("anna").size());
    for (double share : new double[] {0, 1, Double.NaN}) {
      assertEquals(
          "share must be above 0 and below 1, got " + share,
          assertThrows(IllegalArgumentException.class, () -> ThinningPlan.toShare("anna", share))
              .getMessage());
    }
    assertEquals(
        "give either frames or share, what is to stay",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    new ThinningPlan(
                        "anna", OptionalInt.empty(), OptionalDouble.empty(), List.of()))
            .getMessage());
  }
}
