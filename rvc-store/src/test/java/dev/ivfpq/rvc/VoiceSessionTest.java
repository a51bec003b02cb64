// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.ivfpq.rvc.npy.NpyBytes;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blocks of a stream against RVC's formula, in double precision over brute force. */
class VoiceSessionTest {
  private static final int DIMS = 32;

  @TempDir Path temp;

  private final SortedMap<String, SortedMap<String, float[][]>> voices = new TreeMap<>();
  private VoiceStore store;

  @BeforeEach
  void makeStore() throws IOException {
    store = VoiceStore.openOrCreate(temp.resolve("store"));
    add("anna", 3, 60);
    add("bert", 2, 60);
    add("tiny", 1, 3);
  }

  private void add(String speaker, int clips, int frames) throws IOException {
    SortedMap<String, float[][]> rows = new TreeMap<>();
    Path folder = Files.createDirectories(temp.resolve(speaker));
    for (int i = 0; i < clips; i++) {
      rows.put("c" + i, Frames.speech(speaker.hashCode() + i, frames, DIMS));
      NpyBytes.write(folder.resolve("c" + i + ".npy"), rows.get("c" + i));
    }
    voices.put(speaker, rows);
    store.add(new Voice(speaker, Clip.inFolder(folder)), ExistingClips.REFUSE, Progress.NONE);
  }

  @AfterEach
  void closeStore() throws IOException {
    store.close();
  }

  /** RVC's formula as it is written down, for each speaker, added by shares. */
  private double[] expected(float[] q, Map<String, Double> shares, double rate) {
    double all = shares.values().stream().mapToDouble(Double::doubleValue).sum();
    double[] result = new double[DIMS];
    for (String speaker : shares.keySet()) {
      List<Neighbour> nearest = Frames.nearest(q, speaker, voices.get(speaker), 8);
      double sum = nearest.stream().mapToDouble(n -> Math.pow(1 / n.distance(), 2)).sum();
      for (Neighbour n : nearest) {
        float[] x = voices.get(speaker).get(n.clip())[n.frame()];
        double weight = Math.pow(1 / n.distance(), 2) / sum * shares.get(speaker) / all;
        for (int j = 0; j < DIMS; j++) {
          result[j] += rate * weight * x[j];
        }
      }
    }
    for (int j = 0; j < DIMS; j++) {
      result[j] += (1 - rate) * q[j];
    }
    return result;
  }

  private static void assertNear(double[] expected, float[] actual) {
    double scale = Arrays.stream(expected).map(Math::abs).max().getAsDouble();
    for (int j = 0; j < DIMS; j++) {
      assertEquals(expected[j], actual[j], 1e-5 * Math.max(Math.abs(expected[j]), .1 * scale));
    }
  }

  private static Map<String, Double> shares(double anna, double bert) {
    Map<String, Double> shares = new LinkedHashMap<>();
    shares.put("anna", anna);
    shares.put("bert", bert);
    return shares;
  }

  @Test
  void testBlocksEqualRvcsFormulaWhateverTheirLength() throws IOException {
    float[][] stream = Frames.speech(77, 200, DIMS);
    for (int block : new int[] {4, 16, 78}) {
      try (VoiceSession session = store.session(Mix.of("anna"), SearchSettings.DEFAULT, block)) {
        float[][] out = new float[block][DIMS];
        for (int first = 0; first + block <= stream.length; first += block) {
          float[][] frames = Arrays.copyOfRange(stream, first, first + block);
          assertEquals(0, session.convert(frames, block, new Blend(0.75), out));
          for (int i = 0; i < block; i++) {
            assertNear(expected(frames[i], Map.of("anna", 1.0), 0.75), out[i]);
          }
        }
      }
    }
  }

  @Test
  void testSharesChangeFromBlockToBlock() throws IOException {
    float[][] frames = Frames.speech(78, 16, DIMS);
    float[][] out = new float[16][DIMS];
    try (VoiceSession session =
        store.session(new Mix(shares(0.3, 0.7)), SearchSettings.DEFAULT, 16)) {
      assertEquals(List.of("anna", "bert"), session.speakers());
      session.convert(frames, 16, new Blend(1), out);
      for (int i = 0; i < 16; i++) {
        assertNear(expected(frames[i], shares(3, 7), 1), out[i]);
      }
      session.share(0, 2);
      session.share(1, 1);
      session.convert(frames, 16, new Blend(0.5), out);
      for (int i = 0; i < 16; i++) {
        assertNear(expected(frames[i], shares(2, 1), 0.5), out[i]);
      }
      assertEquals(16, session.statistics().reusedFrames(), "new shares need no new search");
    }
  }

  @Test
  void testFramesAtTheEdgeAreReusedAndConvertTheSame() throws IOException {
    float[][] stream = Frames.speech(79, 100, DIMS);
    float[][] out = new float[16][DIMS];
    float[][] alone = new float[16][DIMS];
    try (VoiceSession session = store.session(Mix.of("anna"), SearchSettings.DEFAULT, 16);
        VoiceSession fresh = store.session(Mix.of("anna"), SearchSettings.DEFAULT, 16)) {
      int blocks = 0;
      for (int first = 0; first + 16 <= stream.length; first += 12) {
        float[][] frames = Arrays.copyOfRange(stream, first, first + 16);
        session.convert(frames, 16, new Blend(0.75), out);
        fresh.convert(new float[][] {stream[0]}, 1, new Blend(0), alone);
        fresh.convert(frames, 16, new Blend(0.75), alone);
        for (int i = 0; i < 16; i++) {
          assertArrayEquals(alone[i], out[i]);
          assertEquals(fresh.neighbours(i, 0), session.neighbours(i, 0));
          assertEquals(
              Frames.nearest(frames[i], "anna", voices.get("anna"), 8), session.neighbours(i, 0));
        }
        blocks++;
      }
      VoiceSession.Statistics statistics = session.statistics();
      assertEquals(blocks, statistics.blocks());
      assertEquals(4 * (blocks - 1), statistics.reusedFrames());
      assertTrue(statistics.p99Micros() >= statistics.medianMicros());
    }
  }

  @Test
  void testStoredFrameIsKeptAndNothingIsEverNaN() throws IOException {
    float[][] frames = {voices.get("anna").get("c1")[7].clone(), new float[DIMS]};
    float[][] out = new float[2][DIMS];
    try (VoiceSession session = store.session(Mix.of("anna"), SearchSettings.DEFAULT, 2)) {
      session.convert(frames, 2, new Blend(1), out);
      assertArrayEquals(frames[0], out[0]);
      for (float value : out[1]) {
        assertTrue(Float.isFinite(value));
      }
      Neighbour first = session.neighbours(0, 0).getFirst();
      assertEquals(new Neighbour("anna", "c1", 7, 0), first);
      assertEquals(0.14, first.seconds());
    }
  }

  @Test
  void testFewerThanKAndNoneAtAllAreSaidFrameByFrame() throws IOException {
    float[][] frames = Frames.speech(80, 4, DIMS);
    float[][] out = new float[4][DIMS];
    Map<String, Double> mix = new LinkedHashMap<>();
    mix.put("tiny", 1.0);
    mix.put("anna", 1.0);
    try (VoiceSession session = store.session(new Mix(mix), SearchSettings.DEFAULT, 4)) {
      session.convert(frames, 4, new Blend(0.75), out);
      assertNear(expected(frames[2], mix, 0.75), out[2]);
      assertEquals(3, session.neighbours(2, 0).size());
      // One speaker without neighbours leaves the result to the other.
      session.mute(new ClipId("tiny", "c0"));
      assertEquals(0, session.convert(frames, 4, new Blend(0.75), out));
      assertNear(expected(frames[2], Map.of("anna", 1.0), 0.75), out[2]);
      voices.get("anna").keySet().forEach(clip -> session.mute(new ClipId("anna", clip)));
      assertEquals(4, session.convert(frames, 4, new Blend(0.75), out));
      assertArrayEquals(frames[2], out[2]);
      session.unmute(new ClipId("tiny", "c0"));
      assertEquals(0, session.convert(frames, 4, new Blend(0.75), out));
    }
  }

  @Test
  void testABlockAllocatesWhatItsSearchesDo() throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    float[][] stream = Frames.speech(81, 16 * 300, DIMS);
    float[][] out = new float[16][DIMS];
    try (VoiceSession session = store.session(Mix.of("anna"), SearchSettings.DEFAULT, 16)) {
      Blend blend = new Blend(0.75);
      float[][] frames = new float[16][];
      long before = 0;
      for (int block = 0; block < 300; block++) {
        System.arraycopy(stream, block * 16, frames, 0, 16);
        if (block == 200) {
          before = threads.getCurrentThreadAllocatedBytes();
        }
        session.convert(frames, 16, blend, out);
      }
      long perFrame = (threads.getCurrentThreadAllocatedBytes() - before) / (100 * 16);
      System.out.println(
          "VoiceSessionTest: bytes allocated a frame, searches included: " + perFrame);
      assertTrue(perFrame < 64 << 10, perFrame + " bytes a frame");
      before = threads.getCurrentThreadAllocatedBytes();
      for (int block = 0; block < 100; block++) {
        session.convert(frames, 16, blend, out);
      }
      long reused = (threads.getCurrentThreadAllocatedBytes() - before) / 100;
      assertTrue(reused < 1024, reused + " bytes a block that is not searched");
    }
  }

  /** Not in every run: vector kernels allocate until they are compiled, which takes its time. */
  @Test
  void testABlockOfAVoiceWithListsAllocatesLittleOnceCompiled() throws IOException {
    assumeTrue(
        Boolean.getBoolean("tests.allocation"), "-Dtests.allocation=true measures allocations");
    add("long", 5, 1000);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    float[][] stream = Frames.speech(85, 16 * 4000, DIMS);
    float[][] out = new float[16][DIMS];
    float[][] frames = new float[16][];
    long before = 0;
    try (VoiceSession session = store.session(Mix.of("long"), SearchSettings.DEFAULT, 16)) {
      Blend blend = new Blend(0.75);
      for (int block = 0; block < 4000; block++) {
        System.arraycopy(stream, block * 16, frames, 0, 16);
        if (block == 3000) {
          before = threads.getCurrentThreadAllocatedBytes();
          session.clearStatistics();
        }
        session.convert(frames, 16, blend, out);
      }
      long perFrame = (threads.getCurrentThreadAllocatedBytes() - before) / (1000 * 16);
      System.out.println("VoiceSessionTest: " + perFrame + " bytes a frame of lists");
      assertTrue(perFrame < 64 << 10, perFrame + " bytes a frame");
      assertEquals(1000, session.statistics().blocks());
    }
  }

  @Test
  void testFramesNearThoseBeforeTakeOverTheirNeighboursWithinTheBound() throws IOException {
    double share = 0.2;
    Random random = new Random(5);
    float[][] stream = Frames.speech(82, 120, DIMS);
    float[][] out = new float[16][DIMS];
    long taken = 0;
    try (VoiceSession session = store.session(Mix.of("anna"), SearchSettings.DEFAULT, 16)) {
      session.reuseWithin(share);
      float[][] earlier = null;
      for (int first = 0; first + 16 <= stream.length; first += 8) {
        // What comes again is changed a little, as by an embedder that sees more of what follows.
        float[][] frames = new float[16][];
        for (int i = 0; i < 16; i++) {
          frames[i] = stream[first + i].clone();
          for (int j = 0; j < DIMS; j++) {
            frames[i][j] += .01f * (float) random.nextGaussian();
          }
        }
        long before = session.statistics().reusedFrames();
        session.convert(frames, 16, new Blend(0.75), out);
        taken += session.statistics().reusedFrames() - before;
        for (int i = 0; i < 16; i++) {
          List<Neighbour> found = session.neighbours(i, 0);
          List<Neighbour> nearest = Frames.nearest(frames[i], "anna", voices.get("anna"), 8);
          if (i >= 8 || earlier == null) {
            assertEquals(nearest, found);
            continue;
          }
          double reach =
              Frames.nearest(earlier[i + 8], "anna", voices.get("anna"), 8).getLast().distance();
          for (Neighbour neighbour : found) {
            float[] x = voices.get("anna").get(neighbour.clip())[neighbour.frame()];
            assertEquals(Frames.distance(frames[i], x), neighbour.distance(), 1e-9);
          }
          for (Neighbour near : nearest) {
            assertTrue(
                found.contains(near)
                    || Math.sqrt(near.distance()) >= (1 - share) * Math.sqrt(reach),
                "missed " + near);
          }
        }
        earlier = frames;
      }
      assertEquals(13 * 8, taken);
      // The same frames a little changed each time are not taken over without end.
      float[][] drifting = {stream[3].clone()};
      session.convert(drifting, 1, new Blend(1), out);
      long start = session.statistics().reusedFrames();
      for (int block = 0; block < 200; block++) {
        drifting[0][0] += .05f;
        session.convert(drifting, 1, new Blend(1), out);
      }
      long reused = session.statistics().reusedFrames() - start;
      assertTrue(reused > 0 && reused < 200, reused + " of 200 taken over");
    }
  }

  @Test
  void testRefreshIsSeenFromTheNextBlockOn() throws IOException {
    float[][] frames = {Frames.speech("newcomer".hashCode(), 1, DIMS)[0]};
    float[][] out = new float[1][DIMS];
    try (VoiceSession session = store.session(new Mix(shares(1, 1)), SearchSettings.DEFAULT, 1)) {
      assertFalse(session.refresh(), "nothing was committed");
      session.share(0, 3);
      session.mute(new ClipId("bert", "c0"));
      session.convert(frames, 1, new Blend(1), out);
      List<Neighbour> old = session.neighbours(0, 0);
      Path folder = Files.createDirectories(temp.resolve("more"));
      NpyBytes.write(folder.resolve("c9.npy"), frames);
      // By another object, as by another process.
      try (VoiceStore other = VoiceStore.open(temp.resolve("store"))) {
        other.add(new Voice("anna", Clip.inFolder(folder)), ExistingClips.REFUSE, Progress.NONE);
      }
      session.convert(frames, 1, new Blend(1), out);
      assertEquals(old, session.neighbours(0, 0), "a commit is not seen before a refresh");
      assertTrue(session.refresh());
      assertEquals(old, session.neighbours(0, 0), "nor before the next block");
      session.convert(frames, 1, new Blend(1), out);
      assertEquals(new Neighbour("anna", "c9", 0, 0), session.neighbours(0, 0).getFirst());
      assertTrue(
          session.neighbours(0, 1).stream().noneMatch(n -> n.clip().equals("c0")),
          "what the session has muted stays muted");
      SortedMap<String, float[][]> bert = new TreeMap<>(voices.get("bert"));
      bert.remove("c0");
      voices.put("bert", bert);
      double[] mixed = new double[DIMS];
      double[] ofBert = expected(frames[0], Map.of("bert", 1.0), 1);
      for (int j = 0; j < DIMS; j++) {
        mixed[j] = .75 * frames[0][j] + .25 * ofBert[j];
      }
      assertNear(mixed, out[0]);
      store.refresh();
      store.remove("bert", Progress.NONE);
      StoreException e = assertThrows(StoreException.class, session::refresh);
      assertTrue(e.getMessage().contains("no speaker \"bert\""), e.getMessage());
      session.convert(frames, 1, new Blend(1), out);
      assertNear(mixed, out[0]);
    }
  }

  @Test
  void testRefreshesFromAnotherThreadDisturbNoBlock() throws Exception {
    float[][] frames = Frames.speech(84, 16, DIMS);
    float[][] out = new float[16][DIMS];
    try (VoiceSession session = store.session(Mix.of("anna"), SearchSettings.DEFAULT, 16)) {
      session.convert(frames, 16, new Blend(0.75), out);
      float[][] first = Arrays.stream(out).map(float[]::clone).toArray(float[][]::new);
      FutureTask<Integer> changes =
          new FutureTask<>(
              () -> {
                int seen = 0;
                for (int i = 0; i < 20; i++) {
                  ClipId clip = new ClipId("bert", "c0");
                  if (i % 2 == 0) {
                    store.mute(clip);
                  } else {
                    store.unmute(clip);
                  }
                  seen += session.refresh() ? 1 : 0;
                }
                return seen;
              });
      Thread other = new Thread(changes);
      other.start();
      while (!changes.isDone()) {
        assertEquals(0, session.convert(frames, 16, new Blend(0.75), out));
        assertArrayEquals(first, out);
      }
      assertEquals(20, changes.get());
    }
  }

  @Test
  void testOtherBlocksAndSharesAreRefused() throws IOException {
    try (VoiceSession session = store.session(Mix.of("anna"), SearchSettings.DEFAULT, 4)) {
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class,
              () -> session.convert(new float[5][DIMS], 5, new Blend(1), new float[5][DIMS]));
      assertEquals("a block of 5 frames, the session was opened for 4", e.getMessage());
      assertThrows(IllegalArgumentException.class, () -> session.share(0, Double.NaN));
    }
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new Mix(Map.of("anna", -1.0)));
    assertEquals("a speaker's share in a mix must be in (0, 1e6], got anna=-1.0", e.getMessage());
  }

  @Test
  void testProtectIsRvcsFormula() {
    float[][] original = {{1, 2}, {3, 4}};
    float[][] converted = {{11, 12}, {13, 14}};
    float[][] out = new Protect(0.33).upsample(original, converted, new float[] {100, 0, 0.5f});
    assertArrayEquals(new float[] {11, 12}, out[0]);
    assertArrayEquals(new float[] {.33f * 11 + .67f * 1, .33f * 12 + .67f * 2}, out[1], 1e-5f);
    assertArrayEquals(new float[] {.33f * 13 + .67f * 3, .33f * 14 + .67f * 4}, out[2], 1e-5f);
    assertArrayEquals(
        converted[0], new Protect(0.5).upsample(original, converted, new float[1])[0]);
    assertThrows(IllegalArgumentException.class, () -> new Protect(0.6));
    assertThrows(
        IllegalArgumentException.class,
        () -> Protect.DEFAULT.upsample(original, converted, new float[5]));
  }
}
