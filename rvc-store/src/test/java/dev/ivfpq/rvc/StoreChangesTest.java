// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ivfpq.rvc.npy.NpyBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Voices replaced, removed, renamed and muted, compared with brute force over what should stay. */
class StoreChangesTest {
  @TempDir Path temp;

  private final SortedMap<String, float[][]> anna = clips(1, 3, 40, 24);
  private final SortedMap<String, float[][]> bert = clips(2, 2, 40, 24);
  private VoiceStore store;

  private static SortedMap<String, float[][]> clips(long seed, int count, int frames, int dims) {
    SortedMap<String, float[][]> clips = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      clips.put("clip" + i, Frames.speech(seed * 100 + i, frames, dims));
    }
    return clips;
  }

  private Voice voice(String speaker, SortedMap<String, float[][]> clips, String embedder)
      throws IOException {
    Path folder = Files.createTempDirectory(temp, speaker);
    for (String clip : clips.keySet()) {
      NpyBytes.write(folder.resolve(clip + ".npy"), clips.get(clip));
    }
    return new Voice(speaker, Clip.inFolder(folder), Optional.ofNullable(embedder));
  }

  private void add(String speaker, SortedMap<String, float[][]> clips) throws IOException {
    store.add(voice(speaker, clips, null), ExistingClips.REFUSE, Progress.NONE);
  }

  @BeforeEach
  void makeStore() throws IOException {
    store = VoiceStore.openOrCreate(temp.resolve("store"));
    add("anna", anna);
    add("bert", bert);
  }

  @AfterEach
  void checkStore() throws IOException {
    assertEquals(List.of(), store.check(Progress.NONE));
    store.close();
  }

  private void assertFinds(String speaker, SortedMap<String, float[][]> clips) throws IOException {
    float[][] queries = Frames.speech(3, 20, clips.get(clips.firstKey())[0].length);
    List<List<Neighbour>> found =
        store.retrieve(queries, SearchSettings.DEFAULT.withSpeaker(speaker).withK(200));
    for (int i = 0; i < queries.length; i++) {
      assertEquals(Frames.nearest(queries[i], speaker, clips, 200), found.get(i), speaker);
    }
  }

  private List<String> speakers() throws IOException {
    return store.speakers().stream().map(VoiceRecord::speaker).toList();
  }

  private String refusal(Path query, SearchSettings settings) {
    return assertThrows(
            StoreException.class,
            () -> store.search(query, settings, (frame, neighbours) -> {}, Progress.NONE))
        .getMessage();
  }

  @Test
  void testRemovedVoiceIsGoneAndOthersStay() throws IOException {
    store.remove("anna", Progress.NONE);
    assertEquals(List.of("bert"), speakers());
    assertFinds("bert", bert);
    StoreException e =
        assertThrows(StoreException.class, () -> store.remove("anna", Progress.NONE));
    assertEquals(
        store.folder() + ": no speaker \"anna\" in this store; it has bert", e.getMessage());
    store.remove("bert", Progress.NONE);
    e = assertThrows(StoreException.class, () -> store.searcher(SearchSettings.DEFAULT));
    assertEquals(store.folder() + ": nothing in this store yet; add a voice first", e.getMessage());
    add("anna", anna);
    assertFinds("anna", anna);
  }

  @Test
  void testRenamedVoiceKeepsFramesRecordAndMutedClips() throws IOException {
    VoiceRecord before = store.speakers().getFirst();
    store.mute(new ClipId("anna", "clip1"));
    store.rename("anna", "zoe", Progress.NONE);
    assertEquals(List.of("bert", "zoe"), speakers());
    VoiceRecord after = store.speakers().getLast();
    assertEquals(before.source(), after.source());
    assertEquals(before.date(), after.date());
    anna.remove("clip1");
    assertFinds("zoe", anna);
    assertFinds("bert", bert);
    StoreException e =
        assertThrows(StoreException.class, () -> store.rename("zoe", "bert", Progress.NONE));
    assertEquals(
        store.folder() + ": there is a speaker \"bert\" already; remove that voice first",
        e.getMessage());
  }

  @Test
  void testReplacedVoiceMayHaveOtherClipsAndDims() throws IOException {
    SortedMap<String, float[][]> wider = clips(5, 1, 30, 32);
    AddSummary added =
        store.add(voice("anna", wider, null), ExistingClips.REPLACE_ALL, Progress.NONE);
    assertEquals(new AddSummary("anna", 1, 3, 30, 32, 110), added);
    assertFinds("anna", wider);
    assertFinds("bert", bert);
  }

  @Test
  void testVoicesOfTwoVersionsStandSideBySide() throws IOException {
    SortedMap<String, float[][]> one = clips(6, 1, 30, 256);
    SortedMap<String, float[][]> two = clips(7, 1, 30, 768);
    add("one", one);
    add("two", two);
    assertEquals(Set.of(24, 256, 768), store.dims());
    assertEquals(
        List.of("", "", "v1", "v2"),
        store.speakers().stream().map(voice -> voice.version().orElse("")).toList());
    assertFinds("one", one);
    assertFinds("two", two);
    assertFinds("anna", anna);
    // All voices that fit, without naming one.
    float[] query = Frames.speech(8, 1, 256)[0];
    assertEquals(
        Frames.nearest(query, "one", one, 8),
        store.retrieve(new float[][] {query}, SearchSettings.DEFAULT).getFirst());
    StoreException e =
        assertThrows(StoreException.class, () -> store.searcher(SearchSettings.DEFAULT));
    assertEquals(
        store.folder() + ": holds voices of 24 and 256 and 768 dims; name a speaker",
        e.getMessage());
    Path wide = NpyBytes.write(temp.resolve("wide.npy"), Frames.speech(9, 2, 768));
    assertEquals(
        wide
            + ": 768 dims, but the voice \"one\" (256 dims, v1) has 256; extract it as the voice"
            + " was (RVC v1 has 256 dims, v2 768)",
        refusal(wide, SearchSettings.DEFAULT.withSpeaker("one")));
  }

  @Test
  void testEmbeddersAreKeptAndCompared() throws IOException {
    SortedMap<String, float[][]> spin = clips(8, 1, 20, 24);
    store.add(voice("carl", spin, "spin"), ExistingClips.REFUSE, Progress.NONE);
    assertEquals(Optional.of("spin"), store.speakers().getLast().embedder());
    Path query = NpyBytes.write(temp.resolve("query.npy"), Frames.speech(9, 2, 24));
    SearchSettings contentvec = SearchSettings.DEFAULT.withEmbedder("contentvec");
    assertEquals(
        query
            + ": made by contentvec, but the voice \"carl\" (24 dims, spin) by spin; extract it"
            + " with that",
        refusal(query, contentvec.withSpeaker("carl")));
    // Voices that are known to be of another are left out where none is named.
    for (List<Neighbour> found : store.retrieve(Frames.speech(9, 5, 24), contentvec.withK(500))) {
      assertEquals(200, found.size());
      assertTrue(found.stream().noneMatch(n -> n.speaker().equals("carl")));
    }
    Voice other = voice("carl", clips(9, 1, 5, 24), "contentvec");
    StoreException e =
        assertThrows(
            StoreException.class, () -> store.add(other, ExistingClips.REPLACE, Progress.NONE));
    assertTrue(
        e.getMessage()
            .endsWith(
                "made by contentvec, but the voice \"carl\" (24 dims, spin) by spin; add it under"
                    + " another name, or replace the voice"),
        e.getMessage());
  }

  @Test
  void testMutedClipsAreNotFoundUntilUnmuted() throws IOException {
    ClipId clip = new ClipId("anna", "clip1");
    store.mute(clip);
    SortedMap<String, float[][]> rest = new TreeMap<>(anna);
    rest.remove("clip1");
    assertFinds("anna", rest);
    assertEquals(List.of("clip1"), store.info().speakers().getFirst().muted());
    store.unmute(clip);
    assertFinds("anna", anna);
    StoreException e =
        assertThrows(StoreException.class, () -> store.mute(new ClipId("anna", "clip9")));
    assertEquals(
        store.folder()
            + ": speaker \"anna\" has no clip \"clip9\"; a clip's name is its file's, without .npy",
        e.getMessage());
  }

  @Test
  void testClipsAreMutedLive() throws IOException {
    float[] query = Frames.speech(3, 1, 24)[0];
    SortedMap<String, float[][]> rest = new TreeMap<>(anna);
    rest.remove("clip1");
    try (FrameSearcher searcher =
        store.searcher(SearchSettings.DEFAULT.withSpeaker("anna").withK(200))) {
      searcher.mute(new ClipId("anna", "clip1"));
      assertEquals(Frames.nearest(query, "anna", rest, 200), searcher.search(query));
      anna.keySet().forEach(clip -> searcher.mute(new ClipId("anna", clip)));
      assertEquals(List.of(), searcher.search(query));
      anna.keySet().forEach(clip -> searcher.unmute(new ClipId("anna", clip)));
      assertEquals(Frames.nearest(query, "anna", anna, 200), searcher.search(query));
    }
  }

  @Test
  void testOthersSearchWhileAVoiceIsAdded() throws Exception {
    CountDownLatch adding = new CountDownLatch(1);
    CountDownLatch searched = new CountDownLatch(1);
    Progress waiting =
        new Progress() {
          @Override
          public void begin(String step, long total) {
            if (step.equals("adding")) {
              adding.countDown();
              try {
                assertTrue(searched.await(30, TimeUnit.SECONDS), "nobody could search");
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            }
          }

          @Override
          public void advance(long by) {}
        };
    Voice carl = voice("carl", clips(9, 1, 50, 24), null);
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<AddSummary> added =
          thread.submit(() -> store.add(carl, ExistingClips.REFUSE, waiting));
      assertTrue(adding.await(30, TimeUnit.SECONDS));
      assertFinds("anna", anna);
      assertEquals(List.of("anna", "bert"), speakers());
      searched.countDown();
      assertEquals(250, added.get().storeFrames());
    }
    assertEquals(List.of("anna", "bert", "carl"), speakers());
  }

  @Test
  void testScanDefaultIsKept() throws IOException {
    ScanDefault scan = new ScanDefault(7, 2.5f, 0.97);
    store.setScanDefault(24, scan);
    store.mute(new ClipId("anna", "clip0"));
    try (VoiceStore again = VoiceStore.open(store.folder())) {
      assertEquals(scan, again.scanDefaults().get(24));
    }
    StoreException e = assertThrows(StoreException.class, () -> store.setScanDefault(25, scan));
    assertEquals(store.folder() + ": no voice of 25 dims in this store", e.getMessage());
  }

  /** Segments too large to be merged keep the deleted frames of a voice that had other dims. */
  @Test
  void testVoiceOfOtherDimsBesideItsDeletedFrames() throws IOException {
    SortedMap<String, float[][]> wider = clips(5, 1, 30, 32);
    StoreCommit recorded = StoreCommit.empty();
    for (VoiceRecord voice : store.speakers()) {
      int dims = voice.speaker().equals("anna") ? 32 : voice.dims();
      recorded
          .voices()
          .put(
              voice.speaker(),
              new VoiceRecord(
                  voice.speaker(), dims, voice.embedder(), voice.source(), voice.date()));
    }
    IndexWriterConfig unmerged =
        new IndexWriterConfig().setCodec(StoreLayout.CODEC).setMergePolicy(NoMergePolicy.INSTANCE);
    try (Directory directory = FSDirectory.open(store.folder());
        IndexWriter writer = new IndexWriter(directory, unmerged)) {
      writer.deleteDocuments(StoreLayout.speakerTerm("anna"));
      FrameDocument document = new FrameDocument("anna", 32);
      float[][] rows = wider.get("clip0");
      for (int i = 0; i < rows.length; i++) {
        writer.addDocument(document.of("clip0", i, rows[i]));
      }
      writer.setLiveCommitData(recorded.userData().entrySet());
    }
    store.refresh();
    assertEquals(
        List.of(24, 32), store.info().segments().stream().map(StoreInfo.Segment::dims).toList());
    assertEquals(List.of(), store.check(Progress.NONE));
    assertFinds("anna", wider);
    VoiceExport export = new VoiceExport(List.of("anna"), "anna", temp.resolve("out"));
    assertEquals(30, store.exportIndex(export, ExistingFiles.REFUSE, Progress.NONE).frames());
    store.rename("anna", "zoe", Progress.NONE);
    assertFinds("zoe", wider);
    assertFinds("bert", bert);
  }

  @Test
  void testCheckFindsFramesOfNoVoice() throws IOException {
    Path folder = temp.resolve("odd");
    try (VoiceStore odd = VoiceStore.openOrCreate(folder)) {
      odd.add(voice("anna", anna, null), ExistingClips.REFUSE, Progress.NONE);
      StoreCommit recorded = StoreCommit.empty();
      recorded.voices().put("anna", odd.speakers().getFirst());
      recorded.muted().add(new ClipId("anna", "gone"));
      try (Directory directory = FSDirectory.open(folder);
          IndexWriter writer =
              new IndexWriter(directory, new IndexWriterConfig().setCodec(StoreLayout.CODEC))) {
        writer.addDocument(new Document());
        writer.setLiveCommitData(recorded.userData().entrySet());
      }
      odd.refresh();
      assertEquals(
          List.of(
              "121 frames in the index, but 120 of recorded voices",
              "clip \"gone\" of \"anna\" is muted but not there"),
          odd.check(Progress.NONE));
    }
  }
}
