// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ivfpq.IvfPqSearchParameters;
import dev.ivfpq.rvc.faiss.FaissIndexFile;
import dev.ivfpq.rvc.npy.NpyBytes;
import dev.ivfpq.rvc.npy.NpyReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportTest {
  private static final SearchSettings ALL_LISTS =
      SearchSettings.DEFAULT.withScan(
          IvfPqSearchParameters.DEFAULT.withNprobe(1 << 20).withKFactor(1e6f));

  @TempDir private Path temp;

  private final SortedMap<String, float[][]> anna = clips(1, 12, 150, 256);
  private final SortedMap<String, float[][]> ben = clips(2, 3, 100, 256);

  private static SortedMap<String, float[][]> clips(long seed, int count, int frames, int dims) {
    SortedMap<String, float[][]> clips = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      clips.put(i + "_0", Frames.speech(seed * 100 + i, frames, dims));
    }
    return clips;
  }

  private void add(VoiceStore store, String speaker, SortedMap<String, float[][]> clips)
      throws IOException {
    Path folder = Files.createTempDirectory(temp, "clips");
    for (String clip : clips.keySet()) {
      NpyBytes.write(folder.resolve(clip + ".npy"), clips.get(clip));
    }
    store.add(
        new Voice(speaker, Clip.inFolder(folder), embedder(speaker)),
        ExistingClips.REPLACE,
        Progress.NONE);
  }

  /** A speaker's name may end in one. */
  private static Optional<String> embedder(String speaker) {
    return speaker.contains(" of ")
        ? Optional.of(speaker.substring(speaker.indexOf(" of ") + 4))
        : Optional.empty();
  }

  private VoiceStore store() throws IOException {
    VoiceStore store = VoiceStore.openOrCreate(temp.resolve("store"));
    add(store, "anna", clips(7, 12, 150, 256));
    add(store, "ben", ben);
    // Replaces all of hers.
    add(store, "anna", anna);
    return store;
  }

  private ExportSummary export(VoiceStore store, ExistingFiles existing, String... speakers)
      throws IOException {
    List<String> names = List.of(speakers);
    return store.exportIndex(
        new VoiceExport(names, VoiceExport.nameOf(names), temp.resolve("out")),
        existing,
        Progress.NONE);
  }

  private static float[][] rows(Path file) throws IOException {
    try (NpyReader reader = NpyReader.open(file)) {
      return reader.readAll();
    }
  }

  @Test
  void bothFilesHoldTheSpeakersFramesAndNoOthers() throws IOException {
    try (VoiceStore store = store()) {
      ExportSummary one = export(store, ExistingFiles.REFUSE, "anna");
      assertEquals(
          temp.resolve("out/added_IVF" + one.nlist() + "_Flat_nprobe_1_anna_v1.index").toString(),
          one.index());
      assertEquals(temp.resolve("out/total_fea.npy").toString(), one.features());
      assertEquals(1800, one.frames());
      assertTrue(one.nlist() > 20 && one.smallestList() >= 8, one.toString());
      assertTrue(one.seenByRvc());
      assertHolds(one, List.of(anna));
      ExportSummary mix = export(store, ExistingFiles.REPLACE, "ben", "anna", "ben");
      assertEquals(List.of("ben", "anna"), mix.speakers());
      assertTrue(mix.index().endsWith("_ben-anna-ben_v1.index"), mix.index());
      assertHolds(mix, List.of(anna, ben));
    }
  }

  private static void assertHolds(ExportSummary export, List<SortedMap<String, float[][]>> voices)
      throws IOException {
    float[][] matrix = rows(Path.of(export.features()));
    float[][] indexed = new float[matrix.length][];
    try (FaissIndexFile index = FaissIndexFile.open(Path.of(export.index()))) {
      assertEquals(matrix.length, index.size());
      index.forEach((id, vector) -> indexed[(int) id] = vector.clone());
    }
    List<String> expected = new ArrayList<>();
    List<String> found = new ArrayList<>();
    voices.forEach(
        voice ->
            voice
                .values()
                .forEach(clip -> Arrays.stream(clip).map(Arrays::toString).forEach(expected::add)));
    for (int row = 0; row < matrix.length; row++) {
      assertArrayEquals(matrix[row], indexed[row], 0);
      found.add(Arrays.toString(matrix[row]));
    }
    expected.sort(null);
    found.sort(null);
    assertEquals(expected, found);
  }

  @Test
  void anExportedVoiceIsImportedAgainAndAnswersTheSame() throws IOException {
    try (VoiceStore store = store();
        VoiceStore again = VoiceStore.openOrCreate(temp.resolve("again"))) {
      ExportSummary export = export(store, ExistingFiles.REFUSE, "anna");
      again.importVoice(
          new VoiceImport(Path.of(export.index()), SpeakerNames.one("anna")),
          ExistingClips.REFUSE,
          Progress.NONE);
      try (FrameSearcher before = store.searcher(ALL_LISTS.withSpeaker("anna"));
          FrameSearcher after = again.searcher(ALL_LISTS)) {
        for (float[] query : Frames.speech(3, 40, 256)) {
          assertEquals(
              before.search(query).stream().map(Neighbour::distance).toList(),
              after.search(query).stream().map(Neighbour::distance).toList());
        }
      }
    }
  }

  @Test
  void voicesOfSeveralDimensionsAreExportedOneByOne() throws IOException {
    SortedMap<String, float[][]> cid = clips(4, 2, 60, 768);
    try (VoiceStore store = store()) {
      add(store, "cid", cid);
      ExportSummary one = export(store, ExistingFiles.REFUSE, "anna");
      assertEquals(256, one.dims());
      assertHolds(one, List.of(anna));
      ExportSummary two = export(store, ExistingFiles.REPLACE, "cid");
      assertTrue(two.index().endsWith("_cid_v2.index"), two.index());
      assertEquals(768, two.dims());
      assertHolds(two, List.of(cid));
      assertRefused(
          store,
          "\"ben\" (256 dims, v1) and \"cid\" (768 dims, v2) cannot become one voice; export each"
              + " by itself",
          "ben",
          "anna",
          "cid");
    }
  }

  @Test
  void voicesOfSeveralEmbeddersAreExportedOneByOne() throws IOException {
    try (VoiceStore store = store()) {
      add(store, "cid of spin", ben);
      add(store, "dora of contentvec", ben);
      assertEquals(600, export(store, ExistingFiles.REFUSE, "ben", "cid of spin").frames());
      assertRefused(
          store,
          "\"cid of spin\" (256 dims, v1, spin) and \"dora of contentvec\" (256 dims, v1,"
              + " contentvec) cannot become one voice; export each by itself",
          "cid of spin",
          "ben",
          "dora of contentvec");
    }
  }

  private void assertRefused(VoiceStore store, String words, String... speakers)
      throws IOException {
    SortedMap<String, String> before = Frames.contents(temp);
    StoreException refusal =
        assertThrows(StoreException.class, () -> export(store, ExistingFiles.REPLACE, speakers));
    assertEquals(store.folder() + ": " + words, refusal.getMessage());
    assertEquals(before, Frames.contents(temp));
  }

  @Test
  void mutedClipsAreLeftOut() throws IOException {
    try (VoiceStore store = store()) {
      store.mute(new ClipId("anna", "0_0"));
      store.mute(new ClipId("ben", "1_0"));
      SortedMap<String, float[][]> rest = new TreeMap<>(anna);
      rest.remove("0_0");
      ExportSummary export = export(store, ExistingFiles.REFUSE, "anna");
      assertEquals(1, export.muted());
      assertHolds(export, List.of(rest));
      store.mute(new ClipId("ben", "0_0"));
      store.mute(new ClipId("ben", "2_0"));
      assertRefused(
          store, "all clips of ben are muted; unmute those that are to be exported", "ben");
      assertEquals(4, export(store, ExistingFiles.REPLACE, "anna", "ben").muted());
    }
  }

  @Test
  void filesThatAreThereStayUnlessTheyAreToBeReplaced() throws IOException {
    try (VoiceStore store = store()) {
      ExportSummary ben = export(store, ExistingFiles.REFUSE, "ben");
      SortedMap<String, String> before = Frames.contents(temp.resolve("out"));
      StoreException refusal =
          assertThrows(StoreException.class, () -> export(store, ExistingFiles.REFUSE, "ben"));
      assertEquals(
          ben.index() + ": is there already; name another folder, or replace it with --replace",
          refusal.getMessage());
      assertEquals(before, Frames.contents(temp.resolve("out")));
      add(store, "ben", clips(5, 9, 200, 256));
      ExportSummary more = export(store, ExistingFiles.REPLACE, "ben");
      assertEquals(1800, more.frames());
      assertFalse(Files.exists(Path.of(ben.index())), "an index of another number of lists");
      assertEquals(2, Frames.contents(temp.resolve("out")).size());
    }
  }

  @Test
  void whatCannotBeExportedIsRefusedAndLeavesNothing() throws IOException {
    try (VoiceStore store = store()) {
      assertEquals(
          temp.resolve("store") + ": no speaker \"bob\" in this store; it has anna, ben",
          assertThrows(
                  StoreException.class, () -> export(store, ExistingFiles.REFUSE, "anna", "bob"))
              .getMessage());
      assertFalse(Files.exists(temp.resolve("out")));
      Files.writeString(temp.resolve("out"), "a file");
      assertEquals(
          temp.resolve("out") + ": a file; name a folder for the index and total_fea.npy",
          assertThrows(StoreException.class, () -> export(store, ExistingFiles.REPLACE, "anna"))
              .getMessage());
    }
  }

  @Test
  void namesAreThoseThatRvcFinds() {
    assertEquals("Anna_K.-B_2", VoiceExport.nameOf(List.of("\u00c4nna K.", "B/2")));
    assertTrue(
        assertThrows(
                IllegalArgumentException.class,
                () -> new VoiceExport(List.of("a"), "pretrained", temp))
            .getMessage()
            .startsWith("RVC does not find an index with \"trained\" in its name"));
    assertTrue(
        assertThrows(
                IllegalArgumentException.class, () -> new VoiceExport(List.of("a"), "../a", temp))
            .getMessage()
            .startsWith("the name of an index has 1 to 100 characters, none of / "));
    assertThrows(
        IllegalArgumentException.class, () -> new VoiceExport(List.of(), "a", temp), "no speaker");
  }

  /** The index in the hands of faiss itself: same frames, and with all lists the same answers. */
  @Test
  void faissGivesTheStoresAnswers() throws Exception {
    String python = pythonWithFaiss();
    float[][] queries = Frames.speech(3, 60, 256);
    // One that is stored.
    queries[7] = anna.get("3_0")[20].clone();
    Path queryFile = NpyBytes.write(temp.resolve("query.npy"), queries);
    try (VoiceStore store = store()) {
      ExportSummary export = export(store, ExistingFiles.REFUSE, "anna", "ben");
      String script =
          """
          import sys, faiss, numpy as np
          index = faiss.read_index(sys.argv[1])
          rows, queries = np.load(sys.argv[2]), np.load(sys.argv[3])
          assert index.nprobe == 1 and index.metric_type == faiss.METRIC_L2
          assert (index.reconstruct_n(0, index.ntotal) == rows).all()
          distances, ids = index.search(queries, 8)
          assert (ids >= 0).all(), "fewer than 8 in the nearest list"
          # Each vector is found at nprobe 1: its list is that of its nearest centroid.
          assert (index.search(rows, 1)[0] == 0).all()
          index.nprobe = index.nlist
          distances, ids = index.search(queries, 8)
          ids.astype(">i8").tofile(sys.argv[4])
          distances.astype(">f4").tofile(sys.argv[5])
          print(index.ntotal, index.nlist, index.d)
          """;
      Path ids = temp.resolve("ids");
      Path distances = temp.resolve("distances");
      String said =
          run(
              python,
              "-c",
              script,
              export.index(),
              export.features(),
              queryFile.toString(),
              ids.toString(),
              distances.toString());
      assertEquals("2100 " + export.nlist() + " 256", said.strip());
      ByteBuffer foundIds = ByteBuffer.wrap(Files.readAllBytes(ids));
      ByteBuffer foundDistances = ByteBuffer.wrap(Files.readAllBytes(distances));
      float[][] rows = rows(Path.of(export.features()));
      try (FrameSearcher searcher = store.searcher(ALL_LISTS)) {
        for (float[] query : queries) {
          for (Neighbour ours : searcher.search(query)) {
            SortedMap<String, float[][]> voice = ours.speaker().equals("anna") ? anna : ben;
            float[] frame = voice.get(ours.clip())[ours.frame()];
            assertArrayEquals(frame, rows[(int) foundIds.getLong()], 0);
            assertEquals(ours.distance(), foundDistances.getFloat(), 1e-5 * ours.distance());
          }
        }
      }
    }
  }

  /** Of the pythons of a Debian machine, or {@code -Dtests.python}, one that has faiss. */
  private static String pythonWithFaiss() throws Exception {
    List<String> tried =
        System.getProperty("tests.python") == null
            ? List.of("python3", "/usr/bin/python3")
            : List.of(System.getProperty("tests.python"));
    String last = "";
    for (String python : tried) {
      try {
        String version = run(python, "-c", "import faiss; print(faiss.__version__)").strip();
        System.out.println("faiss " + version + " of " + python);
        return python;
      } catch (IOException e) {
        last = e.getMessage();
      }
    }
    String reason = "skipped, no faiss in " + tried + ": " + last;
    System.out.println(reason);
    Assumptions.abort(reason);
    return null;
  }

  /** What a program prints; a failure with that text if it fails. */
  private static String run(String... words) throws Exception {
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes());
    assertTrue(process.waitFor(1, TimeUnit.MINUTES));
    if (process.exitValue() != 0) {
      throw new IOException(said.strip().replaceAll("(?s).*\n", ""));
    }
    return said;
  }
}
