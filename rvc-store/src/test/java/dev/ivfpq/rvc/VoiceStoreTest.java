// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ivfpq.IvfPqSearchParameters;
import dev.ivfpq.rvc.npy.NpyBytes;
import dev.ivfpq.rvc.npy.NpyException;
import dev.ivfpq.rvc.npy.NpyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.Lock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VoiceStoreTest {
  @TempDir Path temp;

  private Path storeFolder() {
    return temp.resolve("store");
  }

  private Path folder(String name, Map<String, float[][]> clips) throws IOException {
    Path folder = Files.createDirectories(temp.resolve(name));
    for (Map.Entry<String, float[][]> clip : clips.entrySet()) {
      NpyBytes.write(folder.resolve(clip.getKey() + ".npy"), clip.getValue());
    }
    return folder;
  }

  private static SortedMap<String, float[][]> clips(long seed, int count, int frames, int dims) {
    SortedMap<String, float[][]> clips = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      clips.put("clip" + i, Frames.speech(seed * 100 + i, frames, dims));
    }
    return clips;
  }

  private AddSummary add(String speaker, Map<String, float[][]> clips) throws IOException {
    return add(speaker, clips, ExistingClips.REFUSE);
  }

  private AddSummary add(String speaker, Map<String, float[][]> clips, ExistingClips existing)
      throws IOException {
    Path folder = folder("in " + speaker + System.nanoTime(), clips);
    try (VoiceStore store = VoiceStore.openOrCreate(storeFolder())) {
      return store.add(new Voice(speaker, Clip.inFolder(folder)), existing, Progress.NONE);
    }
  }

  private List<Neighbour> search(float[] frame, SearchSettings settings) throws IOException {
    try (VoiceStore store = VoiceStore.open(storeFolder());
        FrameSearcher searcher = store.searcher(settings)) {
      return searcher.search(frame);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 256, 768})
  void testSearchEqualsBruteForceForAnyDims(int dims) throws IOException {
    SortedMap<String, float[][]> anna = clips(1, 3, 40, dims);
    SortedMap<String, float[][]> bert = clips(2, 2, 50, dims);
    assertEquals(new AddSummary("anna", 3, 0, 120, dims, 120), add("anna", anna));
    assertEquals(new AddSummary("bert", 2, 0, 100, dims, 220), add("bert", bert));
    for (float[] query : Frames.speech(3, 20, dims)) {
      assertEquals(
          Frames.nearest(query, "anna", anna, 8),
          search(query, SearchSettings.DEFAULT.withSpeaker("anna")));
      List<Neighbour> both = new ArrayList<>(Frames.nearest(query, "anna", anna, 5));
      both.addAll(Frames.nearest(query, "bert", bert, 5));
      both.sort(Comparator.comparingDouble(Neighbour::distance));
      assertEquals(both.subList(0, 5), search(query, SearchSettings.DEFAULT.withK(5)));
    }
  }

  @Test
  void testVoiceAloneInItsDimensionNeedsNoFilter() throws IOException {
    SortedMap<String, float[][]> anna = clips(1, 3, 40, 32);
    add("anna", anna);
    add("bert", clips(2, 2, 50, 48));
    float[] query = Frames.speech(3, 1, 32)[0];
    SearchSettings settings = SearchSettings.DEFAULT.withSpeaker("anna").withK(120);
    ClipId first = new ClipId("anna", anna.firstKey());
    SortedMap<String, float[][]> rest = new TreeMap<>(anna.tailMap(first.clip() + "\0"));
    try (VoiceStore store = VoiceStore.open(storeFolder());
        FrameSearcher searcher = store.searcher(settings)) {
      assertNull(searcher.filter());
      assertEquals(Frames.nearest(query, "anna", anna, 120), searcher.search(query));
      searcher.mute(first);
      assertEquals(Frames.nearest(query, "anna", rest, 120), searcher.search(query));
      searcher.unmute(first);
      assertNull(searcher.filter());
    }
    add("carl", clips(4, 1, 30, 32));
    try (VoiceStore store = VoiceStore.open(storeFolder());
        FrameSearcher searcher = store.searcher(settings)) {
      assertNotNull(searcher.filter());
      assertEquals(Frames.nearest(query, "anna", anna, 120), searcher.search(query));
    }
  }

  @Test
  void testListsScannedWhollyEqualBruteForce() throws IOException {
    SortedMap<String, float[][]> anna = clips(4, 20, 100, 32);
    add("anna", anna);
    add("bert", clips(5, 10, 100, 32));
    SearchSettings whole =
        SearchSettings.DEFAULT
            .withSpeaker("anna")
            .withScan(IvfPqSearchParameters.DEFAULT.withNprobe(1 << 20).withKFactor(1e6f));
    try (VoiceStore store = VoiceStore.open(storeFolder());
        FrameSearcher searcher = store.searcher(whole)) {
      StoreInfo.Segment segment = store.info().segments().getFirst();
      assertTrue(segment.nlist() > 1 && segment.M() > 0, segment.toString());
      for (float[] query : Frames.speech(6, 50, 32)) {
        assertEquals(Frames.nearest(query, "anna", anna, 8), searcher.search(query));
      }
    }
  }

  @Test
  void testListsScannedByDefaultGiveTrueFramesAndExactDistances() throws IOException {
    SortedMap<String, float[][]> anna = clips(4, 20, 100, 32);
    add("anna", anna);
    add("bert", clips(5, 10, 100, 32));
    float[][] queries = Frames.speech(6, 50, 32);
    int right = 0;
    try (VoiceStore store = VoiceStore.open(storeFolder());
        FrameSearcher searcher = store.searcher(SearchSettings.DEFAULT.withSpeaker("anna"))) {
      for (float[] query : queries) {
        List<Neighbour> found = searcher.search(query);
        assertEquals(8, found.size());
        List<Neighbour> truth = Frames.nearest(query, "anna", anna, 8);
        double before = 0;
        for (Neighbour neighbour : found) {
          float[] stored = anna.get(neighbour.clip())[neighbour.frame()];
          double distance = Frames.distance(query, stored);
          assertEquals(distance, neighbour.distance(), 1e-13 * distance);
          assertTrue(neighbour.distance() >= before);
          before = neighbour.distance();
          right += truth.contains(neighbour) ? 1 : 0;
        }
      }
    }
    // Noise in 32 dims is harder than any voice; eight frames drawn at random would be 0.004.
    assertTrue(right >= 0.7 * 8 * queries.length, right + " of " + 8 * queries.length);
  }

  @Test
  void testMoreNeighboursThanFramesAreAllFrames() throws IOException {
    SortedMap<String, float[][]> anna = clips(1, 1, 5, 16);
    add("anna", anna);
    add("bert", clips(2, 1, 50, 16));
    float[] query = Frames.speech(3, 1, 16)[0];
    SearchSettings settings = SearchSettings.DEFAULT.withSpeaker("anna").withK(10_000);
    assertEquals(Frames.nearest(query, "anna", anna, 5), search(query, settings));
  }

  @Test
  void testEquallyFarFramesComeAsAdded() throws IOException {
    float[] frame = {1, 2};
    add("anna", Map.of("a", new float[][] {frame, {5, 5}, frame}, "b", new float[][] {frame}));
    assertEquals(
        List.of(
            new Neighbour("anna", "a", 0, 0),
            new Neighbour("anna", "a", 2, 0),
            new Neighbour("anna", "b", 0, 0),
            new Neighbour("anna", "a", 1, 25)),
        search(frame, SearchSettings.DEFAULT));
  }

  @Test
  void testConvertEqualsTheFormulaOverBruteForce() throws IOException {
    SortedMap<String, float[][]> anna = clips(1, 3, 40, 24);
    add("anna", anna);
    add("bert", clips(2, 3, 40, 24));
    float[][] query = Frames.speech(3, 600, 24);
    // Where RVC writes NaN: the query is a stored frame.
    query[17] = anna.get("clip1")[5];
    Path in = NpyBytes.write(temp.resolve("query.npy"), query);
    Path out = temp.resolve("out.npy");
    Blend blend = new Blend(0.75);
    try (VoiceStore store = VoiceStore.open(storeFolder())) {
      assertEquals(
          new ConvertSummary(600, 24, 0, 600),
          store.convert(in, out, SearchSettings.DEFAULT.withSpeaker("anna"), blend, Progress.NONE));
    }
    float[] converted = new float[600 * 24];
    try (NpyReader reader = NpyReader.open(out)) {
      assertEquals(600, reader.rows());
      reader.read(0, 600, converted);
    }
    for (int i = 0; i < query.length; i++) {
      List<Neighbour> nearest = Frames.nearest(query[i], "anna", anna, 8);
      float[] expected = new float[24];
      blend.apply(
          query[i],
          nearest.stream().mapToDouble(Neighbour::distance).toArray(),
          nearest.stream().map(n -> anna.get(n.clip())[n.frame()]).toArray(float[][]::new),
          expected);
      assertArrayEquals(
          expected, Arrays.copyOfRange(converted, i * 24, i * 24 + 24), 1e-6f, "" + i);
      if (i == 17) {
        assertArrayEquals(query[17], expected, 1e-6f);
      }
    }
  }

  @Test
  void testConvertMayReplaceItsQuery() throws IOException {
    add("anna", clips(1, 1, 20, 4));
    Path clip = NpyBytes.write(temp.resolve("clip.npy"), Frames.speech(3, 10, 4));
    try (VoiceStore store = VoiceStore.open(storeFolder())) {
      store.convert(clip, clip, SearchSettings.DEFAULT, new Blend(1), Progress.NONE);
    }
    try (NpyReader reader = NpyReader.open(clip)) {
      assertEquals(10, reader.rows());
      reader.verify();
    }
  }

  @Test
  void testClipIsNeverAddedTwice() throws IOException {
    SortedMap<String, float[][]> anna = clips(1, 2, 10, 4);
    add("anna", anna);
    SortedMap<String, String> before = Frames.contents(storeFolder());
    SortedMap<String, float[][]> again = clips(7, 3, 10, 4);
    String message = assertThrows(StoreException.class, () -> add("anna", again)).getMessage();
    assertTrue(
        message.contains(
            "clip0.npy: speaker \"anna\" already has clip \"clip0\" (and 1 more of these); rename"),
        message);
    assertEquals(before, Frames.contents(storeFolder()));
    // Of another speaker it is another clip.
    assertEquals(50, add("bert", again).storeFrames());
  }

  @Test
  void testClipIsReplacedOnRequest() throws IOException {
    SortedMap<String, float[][]> anna = clips(1, 2, 10, 4);
    SortedMap<String, float[][]> bert = clips(2, 2, 10, 4);
    add("anna", anna);
    add("bert", bert);
    SortedMap<String, float[][]> newer = new TreeMap<>();
    newer.put("clip1", Frames.speech(70, 7, 4));
    newer.put("clip2", Frames.speech(71, 5, 4));
    assertEquals(
        new AddSummary("anna", 2, 1, 12, 4, 42), add("anna", newer, ExistingClips.REPLACE));
    anna.putAll(newer);
    for (float[] query : Frames.speech(3, 10, 4)) {
      assertEquals(
          Frames.nearest(query, "anna", anna, 30),
          search(query, SearchSettings.DEFAULT.withSpeaker("anna").withK(30)));
      assertEquals(
          Frames.nearest(query, "bert", bert, 30),
          search(query, SearchSettings.DEFAULT.withSpeaker("bert").withK(30)));
    }
    try (VoiceStore store = VoiceStore.open(storeFolder())) {
      assertEquals(
          List.of("anna 3 22", "bert 2 20"),
          store.info().speakers().stream().map(s -> shown(s)).toList());
    }
  }

  private static String shown(StoreInfo.Speaker speaker) {
    return speaker.voice().speaker() + " " + speaker.clips() + " " + speaker.frames();
  }

  @Test
  void testInfoCountsClipsOfSpeakersWhoseNamesBeginAlike() throws IOException {
    add("ann", clips(1, 2, 10, 4));
    add("anna", clips(2, 3, 10, 4));
    add("\u97f3 \u00fc", clips(3, 1, 10, 4));
    try (VoiceStore store = VoiceStore.open(storeFolder())) {
      StoreInfo info = store.info();
      assertEquals(
          List.of("ann 2 20", "anna 3 30", "\u97f3 \u00fc 1 10"),
          info.speakers().stream().map(s -> shown(s)).toList());
      assertEquals(Set.of(4), store.dims());
      assertEquals(60, info.frames());
      assertEquals(60, info.segments().stream().mapToInt(StoreInfo.Segment::frames).sum());
      assertEquals(1, info.segments().size(), "a small store is one segment");
      assertTrue(info.bytes() > 60 * 4 * 4);
    }
  }

  @Test
  void testBadClipLeavesNothingOfANewStore() throws IOException {
    SortedMap<String, float[][]> clips = clips(1, 3, 10, 4);
    clips.get("clip2")[9][3] = Float.NaN;
    NpyException e = assertThrows(NpyException.class, () -> add("anna", clips));
    assertTrue(e.getMessage().contains("clip2.npy, row 9, column 3: NaN; remove"), e.getMessage());
    assertFalse(Files.exists(storeFolder()));
  }

  @Test
  void testBadClipLeavesAStoreAsItWas() throws IOException {
    add("anna", clips(1, 1, 10, 4));
    SortedMap<String, String> before = Frames.contents(storeFolder());
    SortedMap<String, float[][]> clips = clips(2, 3, 10, 4);
    clips.put("clip1", Frames.speech(9, 10, 5));
    assertThrows(StoreException.class, () -> add("bert", clips));
    clips.put("clip1", Frames.speech(9, 10, 4));
    clips.get("clip1")[0][0] = Float.POSITIVE_INFINITY;
    assertThrows(NpyException.class, () -> add("bert", clips));
    assertEquals(before, Frames.contents(storeFolder()));
  }

  @Test
  void testFileThatChangesWhileItIsAddedUndoesTheAdd() throws IOException {
    add("anna", clips(1, 1, 10, 4));
    SortedMap<String, String> before = Frames.contents(storeFolder());
    Path folder = folder("changing", clips(2, 3, 10, 4));
    Progress changing =
        new Progress() {
          @Override
          public void begin(String step, long total) {
            if (step.equals("adding")) {
              try {
                NpyBytes.write(folder.resolve("clip2.npy"), Frames.speech(9, 11, 4));
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            }
          }

          @Override
          public void advance(long by) {}
        };
    try (VoiceStore store = VoiceStore.openOrCreate(storeFolder())) {
      Voice voice = new Voice("bert", Clip.inFolder(folder));
      StoreException e =
          assertThrows(
              StoreException.class, () -> store.add(voice, ExistingClips.REFUSE, changing));
      assertTrue(e.getMessage().endsWith("clip2.npy: changed while it was read; add it again"));
      assertEquals(10, store.info().frames());
    }
    assertEquals(before, Frames.contents(storeFolder()));
  }

  @Test
  void testTwoFilesOfOneNameAreRefused() throws IOException {
    List<Clip> clips = new ArrayList<>(Clip.inFolder(folder("one", clips(1, 1, 5, 4))));
    clips.addAll(Clip.inFolder(folder("two", clips(2, 1, 5, 4))));
    try (VoiceStore store = VoiceStore.openOrCreate(storeFolder())) {
      for (ExistingClips existing : ExistingClips.values()) {
        StoreException e =
            assertThrows(
                StoreException.class,
                () -> store.add(new Voice("anna", clips), existing, Progress.NONE));
        assertTrue(
            e.getMessage()
                .endsWith(
                    "would both be clip \"clip0\" of one speaker; rename one of" + " the files"),
            e.getMessage());
      }
    }
  }

  @Test
  void testLockedStoreRefusesAddsAndAnswersSearches() throws IOException {
    add("anna", clips(1, 1, 10, 4));
    SortedMap<String, String> before = Frames.contents(storeFolder());
    try (Directory directory = FSDirectory.open(storeFolder());
        Lock lock = directory.obtainLock(IndexWriter.WRITE_LOCK_NAME)) {
      lock.ensureValid();
      StoreException e = assertThrows(StoreException.class, () -> add("bert", clips(2, 1, 10, 4)));
      assertEquals(
          storeFolder()
              + ": locked, another process is changing this store; try again when it is done",
          e.getMessage());
      assertEquals(8, search(new float[4], SearchSettings.DEFAULT).size());
    }
    assertEquals(before, Frames.contents(storeFolder()));
    add("bert", clips(2, 1, 10, 4));
  }

  @Test
  void testDimsThatAnotherStoreObjectMadeAreSeen() throws IOException {
    try (VoiceStore early = VoiceStore.openOrCreate(storeFolder())) {
      add("anna", clips(1, 1, 10, 4));
      add("bert", clips(3, 1, 10, 4));
      Path folder = folder("late", clips(2, 1, 10, 5));
      StoreException e =
          assertThrows(
              StoreException.class,
              () ->
                  early.add(
                      new Voice("bert", Clip.inFolder(folder)),
                      ExistingClips.REFUSE,
                      Progress.NONE));
      assertTrue(
          e.getMessage().contains("clip0.npy: 5 dims, but the voice \"bert\" (4 dims) has 4; add"),
          e.getMessage());
      early.refresh();
      assertEquals(20, early.info().frames());
    }
  }

  @Test
  void testSearcherStaysWithItsSnapshot() throws IOException {
    SortedMap<String, float[][]> anna = clips(1, 1, 10, 4);
    add("anna", anna);
    try (VoiceStore store = VoiceStore.open(storeFolder());
        FrameSearcher before = store.searcher(SearchSettings.DEFAULT.withK(100))) {
      Path folder = folder("more", clips(2, 1, 10, 4));
      store.add(new Voice("bert", Clip.inFolder(folder)), ExistingClips.REFUSE, Progress.NONE);
      assertEquals(10, before.search(new float[4]).size());
      try (FrameSearcher after = store.searcher(SearchSettings.DEFAULT.withK(100))) {
        assertEquals(20, after.search(new float[4]).size());
      }
    }
  }

  @Test
  void testThreadsWithSearchersOfTheirOwnGetTheSameAnswers() throws Exception {
    add("anna", clips(1, 20, 50, 16));
    float[][] queries = Frames.speech(3, 50, 16);
    try (VoiceStore store = VoiceStore.open(storeFolder());
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      Callable<List<List<Neighbour>>> all =
          () -> {
            List<List<Neighbour>> answers = new ArrayList<>();
            try (FrameSearcher searcher = store.searcher(SearchSettings.DEFAULT)) {
              for (float[] query : queries) {
                answers.add(searcher.search(query));
              }
            }
            return answers;
          };
      List<List<Neighbour>> expected = all.call();
      for (Future<List<List<Neighbour>>> answers : threads.invokeAll(List.of(all, all, all, all))) {
        assertEquals(expected, answers.get());
      }
    }
  }

  @Test
  void testUnknownSpeakerIsToldWhoThereIs() throws IOException {
    for (int i = 0; i < 12; i++) {
      add("s" + (char) ('a' + i), clips(i, 1, 3, 4));
    }
    StoreException e =
        assertThrows(
            StoreException.class,
            () -> search(new float[4], SearchSettings.DEFAULT.withSpeaker("bob")));
    assertEquals(
        storeFolder()
            + ": no speaker \"bob\" in this store; it has sa, sb, sc, sd, se, sf, sg, sh, si, sj"
            + " and 2 more",
        e.getMessage());
  }

  @Test
  void testFramesThatDoNotFitAreRefused() throws IOException {
    add("anna", clips(1, 1, 10, 4));
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> search(new float[5], SearchSettings.DEFAULT));
    assertEquals("a frame of 5 dims, the store holds 4", e.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> search(new float[] {0, Float.NaN, 0, 0}, SearchSettings.DEFAULT));
  }

  @Test
  void testExtremeValuesAreSearchedAndBlended() throws IOException {
    for (float scale : new float[] {1e-30f, 1e20f}) {
      String speaker = "s" + scale;
      float[][] rows = Frames.speech(1, 30, 4);
      for (float[] row : rows) {
        for (int j = 0; j < row.length; j++) {
          row[j] *= scale;
        }
      }
      add(speaker, Map.of("clip", rows));
      try (VoiceStore store = VoiceStore.open(storeFolder());
          FrameSearcher searcher = store.searcher(SearchSettings.DEFAULT.withSpeaker(speaker))) {
        float[] out = new float[4];
        assertEquals(8, searcher.convert(rows[3], new Blend(1), out));
        for (float value : out) {
          assertTrue(Float.isFinite(value));
        }
      }
    }
  }

  @Test
  void testFoldersThatAreNoStoreAreRefused() throws IOException {
    Path missing = temp.resolve("missing");
    StoreException e = assertThrows(StoreException.class, () -> VoiceStore.open(missing));
    assertTrue(e.getMessage().startsWith(missing + ": no store there; make one with:"));
    Path file = Files.createFile(temp.resolve("file"));
    e = assertThrows(StoreException.class, () -> VoiceStore.openOrCreate(file));
    assertEquals(file + ": a file; a store is a folder, name another", e.getMessage());
    Path clips = folder("clips", clips(1, 1, 10, 4));
    e = assertThrows(StoreException.class, () -> VoiceStore.openOrCreate(clips));
    assertEquals(
        clips + ": no store, but a folder that holds clip0.npy; name a new or an empty folder",
        e.getMessage());
    Path other = temp.resolve("other");
    try (Directory directory = FSDirectory.open(other);
        IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig())) {
      writer.addDocument(new Document());
    }
    e = assertThrows(StoreException.class, () -> VoiceStore.openOrCreate(other));
    assertEquals(
        other + ": a Lucene index, but not a store of voices; name another folder", e.getMessage());
  }

  @Test
  void testOtherVersionsAreRefused() {
    StoreException e =
        assertThrows(
            StoreException.class,
            () -> StoreCommit.of(Map.of("ivfpq.store.version", "3"), "there"));
    assertEquals(
        "there: a store of version 3, this program reads version 2; use the program that wrote it",
        e.getMessage());
    for (String damaged : List.of("{\"dims\":-1}", "{\"dims\":4}", "{", "7")) {
      Map<String, String> userData =
          Map.of("ivfpq.store.version", "2", "ivfpq.voice.anna", damaged);
      e = assertThrows(StoreException.class, () -> StoreCommit.of(userData, "there"));
      assertEquals(
          "there: the store's commit records ivfpq.voice.anna="
              + damaged
              + "; it is damaged, restore it from a copy or add the voices again",
          e.getMessage());
    }
  }

  @Test
  void testWhatAKilledFirstAddLeftIsNoObstacle() throws IOException {
    Files.createDirectories(storeFolder());
    Files.write(storeFolder().resolve("_0.fdt"), new byte[10]);
    Files.write(storeFolder().resolve(IndexWriter.WRITE_LOCK_NAME), new byte[0]);
    assertEquals(10, add("anna", clips(1, 1, 10, 4)).storeFrames());
  }

  @Test
  void testDamagedStoreIsRefusedInWords() throws IOException {
    add("anna", clips(1, 1, 10, 4));
    for (String name : Frames.contents(storeFolder()).keySet()) {
      if (name.equals(IndexWriter.WRITE_LOCK_NAME)) {
        continue;
      }
      Path file = storeFolder().resolve(name);
      byte[] whole = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(whole, whole.length / 2));
      StoreException e =
          assertThrows(StoreException.class, () -> VoiceStore.open(storeFolder()), name);
      assertTrue(
          e.getMessage().startsWith(storeFolder() + ": damaged, or written by another version ("),
          e.getMessage());
      Files.delete(file);
      e = assertThrows(StoreException.class, () -> VoiceStore.open(storeFolder()), name);
      Files.write(file, whole);
    }
    assertEquals(8, search(new float[4], SearchSettings.DEFAULT).size());
  }
}
