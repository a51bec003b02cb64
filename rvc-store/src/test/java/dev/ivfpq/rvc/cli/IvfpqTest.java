// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.ivfpq.rvc.Frames;
import dev.ivfpq.rvc.npy.NpyBytes;
import dev.ivfpq.rvc.npy.NpyReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.Lock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IvfpqTest {
  private static final int DIMS = 256;

  @TempDir Path temp;

  private Path store;
  private Path anna;
  private float[][] query;

  /** What a command left: its exit code and what it wrote. */
  private record Outcome(int code, String out, String err) {
    JsonNode json() throws IOException {
      assertEquals(0, code, err);
      // Fails on anything after the document.
      return JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readTree(out);
    }
  }

  private static Outcome run(Object... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = run(out, err, words);
    return new Outcome(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static int run(OutputStream out, OutputStream err, Object... words) {
    return run(out, err, false, Map.of(), words);
  }

  private static int run(
      OutputStream out,
      OutputStream err,
      boolean terminal,
      Map<String, String> environment,
      Object... words) {
    List<String> args = new ArrayList<>();
    for (Object word : words) {
      args.add(word.toString());
    }
    PrintStream messages = new PrintStream(err, true, StandardCharsets.UTF_8);
    return Ivfpq.run(
        args.toArray(String[]::new),
        new Console(out, StandardCharsets.UTF_8, messages, terminal, terminal, environment));
  }

  /** Runs what must fail: one line on stderr, nothing on stdout, the store as before. */
  private String failure(int code, Object... words) throws IOException {
    SortedMap<String, String> before = Frames.contents(store);
    Outcome outcome = run(words);
    assertEquals(code, outcome.code(), outcome.err());
    assertEquals("", outcome.out());
    assertEquals(1, outcome.err().lines().count(), outcome.err());
    assertEquals(before, Frames.contents(store), "the store has changed");
    return outcome.err().strip();
  }

  @BeforeEach
  void makeStore() throws IOException {
    // Blanks and characters beyond ASCII, everywhere.
    store = temp.resolve("my st\u00f6re \u97f3");
    anna = Files.createDirectories(temp.resolve("an n\u00e4/3_feature256"));
    NpyBytes.write(anna.resolve("10_0.npy"), Frames.speech(1, 30, DIMS));
    NpyBytes.write(anna.resolve("2_0 \u97f3.npy"), Frames.speech(2, 20, DIMS));
    query = Frames.speech(3, 12, DIMS);
    NpyBytes.write(query(), query);
    Outcome added = run("add", "--store", store, "--speaker", "\u00c4nna", anna);
    assertEquals(0, added.code(), added.err());
    assertEquals(
        "added to \"\u00c4nna\": 50 x 256 frames, clips: 2 (replaced: 0); store: 50 frames",
        added.out().strip());
    assertEquals("", added.err());
  }

  private Path query() {
    return temp.resolve("qu\u00e9ry 1.npy");
  }

  @Test
  void testImportTakesIndexesAndSaysWhatTheyKeep() throws IOException {
    Path indexes = Path.of("src/test/resources/faiss");
    Path own = temp.resolve("imported");
    Outcome exact =
        run("import", "--store", own, "--speaker", "ben", indexes.resolve("ivf_flat.index"));
    assertEquals(0, exact.code(), exact.err());
    assertEquals(
        List.of(
            "imported to \"ben\": 96 x 8 vectors, clips: 1 (replaced: 0); store: 96 frames",
            "taken: ivf_flat.index"),
        exact.out().lines().toList());
    Outcome decoded =
        run("import", "--store", own, "--speaker", "ben", indexes.resolve("ivf_pq4fs.index"));
    assertEquals(
        List.of(
            "imported to \"ben\": 96 x 8 vectors, clips: 1 (replaced: 0); store: 192 frames",
            "taken: ivf_pq4fs.index",
            "these are decoded, not the vectors that were added: the index keeps no others"),
        decoded.out().lines().toList());
    Path again = indexes.resolve("ivf_flat.index");
    assertEquals(
        "ivfpq: import: "
            + again
            + ": speaker \"ben\" already has clip \"ivf_flat\"; rename the file, or replace what is"
            + " in the store with --replace",
        run("import", "--store", own, "--speaker", "ben", again).err().strip());
    JsonNode replaced =
        run("import", "--store", own, "--speaker", "ben", "--replace", "--json", again).json();
    assertEquals(1, replaced.get("added").get(0).get("replaced").asInt());
    assertEquals("IwFl", replaced.get("kind").asText());
    assertTrue(replaced.get("exact").asBoolean());
    // Each vector is found again, at no distance.
    JsonNode found =
        run("search", "--store", own, "-k", 1, "--json", indexes.resolve("vectors.npy")).json();
    assertTrue(found.toString().contains("\"clip\":\"ivf_flat\""), found::toString);
    String refusal = failure(1, "import", "--store", store, "--speaker", "\u00c4nna", again);
    assertEquals(
        "ivfpq: import: "
            + again
            + ": 8 dims, but the voice \"\u00c4nna\" (256 dims, v1) has 256; add it under another"
            + " name, or replace the voice (RVC v1 has 256 dims, v2 768)",
        refusal);
    Outcome told =
        run("import", "--store", own, "--speaker", "cid", "--embedder", "contentvec", again);
    assertEquals(0, told.code(), told.err());
    JsonNode speakers = run("speakers", "--store", own, "--json").json();
    assertTrue(speakers.get(0).get("embedder").isNull(), speakers::toString);
    assertEquals("contentvec", speakers.get(1).get("embedder").asText(), speakers::toString);
  }

  @Test
  void testExportWritesAnIndexAndAMatrix() throws IOException {
    Path out = temp.resolve("t\u00f6 rvc");
    Outcome exported = run("export", "--store", store, "--speaker", "\u00c4nna", "--out", out);
    Path index = out.resolve("added_IVF1_Flat_nprobe_1_Anna_v1.index");
    assertEquals(0, exported.code(), exported.err());
    assertEquals(
        List.of(
            "wrote " + index + ": 50 frames x 256 dims in 1 lists, the smallest of 50",
            "wrote " + out.resolve("total_fea.npy") + ": the same frames"),
        exported.out().lines().toList());
    assertEquals(
        "ivfpq: export: "
            + index
            + ": is there already; name another folder, or replace it with --replace",
        failure(1, "export", "--store", store, "--speaker", "\u00c4nna", "--out", out));
    JsonNode json =
        run(
                "export",
                "--store",
                store,
                "--speaker",
                "\u00c4nna",
                "--out",
                out,
                "--replace",
                "--json")
            .json();
    assertEquals(index.toString(), json.get("index").asText());
    assertEquals(1, json.get("nlist").asInt());
    assertEquals(0, json.get("muted").asInt());
    assertEquals(0, run("mute", "--store", store, "--speaker", "\u00c4nna", "10_0").code());
    assertTrue(
        run("export", "--store", store, "--speaker", "\u00c4nna", "--out", out, "--replace")
            .out()
            .endsWith("left out, as they are muted: 1 clips\n"));
    Path unseen = temp.resolve("pretrained");
    assertTrue(
        run("export", "--store", store, "--speaker", "\u00c4nna", "--out", unseen)
            .out()
            .contains("RVC does not find an index in a folder with \"trained\" in its path"));
    String usage =
        failure(
            2, "export", "--store", store, "--speaker", "\u00c4nna", "--out", out, "--name", "a/b");
    assertTrue(usage.contains("the name of an index has 1 to 100 characters"), usage);
  }

  @Test
  void testAddPrintsJson() throws IOException {
    Path bert = Files.createDirectory(temp.resolve("bert"));
    NpyBytes.write(bert.resolve("0.npy"), Frames.speech(5, 7, DIMS));
    JsonNode json = run("add", "--json", "--store", store, "--speaker", "bert", bert).json();
    assertEquals(
        "{\"speaker\":\"bert\",\"clips\":1,\"replaced\":0,\"frames\":7,\"dims\":256,"
            + "\"store_frames\":57}",
        json.toString());
  }

  @Test
  void testAddTakesSeveralFolders() throws IOException {
    Path one = Files.createDirectory(temp.resolve("one"));
    Path two = Files.createDirectory(temp.resolve("two"));
    NpyBytes.write(one.resolve("0.npy"), Frames.speech(5, 7, DIMS));
    NpyBytes.write(two.resolve("1.npy"), Frames.speech(6, 8, DIMS));
    JsonNode json = run("add", "--json", "--store", store, "--speaker", "bert", one, two).json();
    assertEquals(15, json.get("frames").asInt());
  }

  @Test
  void testSearchPrintsOneJsonDocument() throws IOException {
    Outcome outcome = run("search", "--store", store, "--json", "-k", 3, query());
    assertEquals("", outcome.err());
    JsonNode json = outcome.json();
    assertEquals(List.of("k", "dims", "frames"), names(json));
    assertEquals(3, json.get("k").asInt());
    assertEquals(DIMS, json.get("dims").asInt());
    assertEquals(query.length, json.get("frames").size());
    float[][] clip10 = Frames.speech(1, 30, DIMS);
    float[][] clip2 = Frames.speech(2, 20, DIMS);
    for (int i = 0; i < query.length; i++) {
      JsonNode frame = json.get("frames").get(i);
      assertEquals(i, frame.get("frame").asInt());
      assertEquals(3, frame.get("neighbours").size());
      double before = 0;
      for (JsonNode neighbour : frame.get("neighbours")) {
        assertEquals(List.of("speaker", "clip", "frame", "seconds", "distance"), names(neighbour));
        assertEquals("\u00c4nna", neighbour.get("speaker").asText());
        String clip = neighbour.get("clip").asText();
        float[] stored = (clip.equals("10_0") ? clip10 : clip2)[neighbour.get("frame").asInt()];
        assertTrue(clip.equals("10_0") || clip.equals("2_0 \u97f3"), clip);
        double distance = neighbour.get("distance").asDouble();
        double expected = squaredDistance(query[i], stored);
        assertEquals(expected, distance, 1e-13 * expected);
        assertTrue(distance >= before);
        before = distance;
      }
    }
  }

  private static List<String> names(JsonNode json) {
    List<String> names = new ArrayList<>();
    json.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static double squaredDistance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
    }
    return sum;
  }

  @Test
  void testSearchPrintsATable() {
    Outcome outcome = run("search", "--store", store, "--speaker", "\u00c4nna", query());
    List<String> lines = outcome.out().lines().toList();
    assertEquals("frame\tdistance\tspeaker\tclip\tclip frame\tseconds", lines.getFirst());
    assertEquals(1 + 8 * query.length, lines.size());
    assertTrue(lines.get(1).matches("0\t[0-9.]+\t\u00c4nna\t(10_0|2_0 \u97f3)\t[0-9]+\t[0-9.]+"));
  }

  @Test
  void testScanSettingsAreTaken() {
    Outcome outcome =
        run("search", "--store", store, "--nprobe", 4, "--k-factor", 2.5, "--json", query());
    assertEquals(0, outcome.code(), outcome.err());
  }

  @Test
  void testConvertWritesTheBlend() throws IOException {
    Path out = temp.resolve("\u00f6ut 1.npy");
    JsonNode json =
        run(
                "convert",
                "--store",
                store,
                "--index-rate",
                0.5,
                "--speaker",
                "\u00c4nna",
                "--out",
                out,
                "--json",
                query())
            .json();
    assertEquals(
        "{\"output\":\""
            + out
            + "\",\"frames\":12,\"dims\":256,\"rows\":12,\"unanswered\":0,"
            + "\"index_rate\":0.5}",
        json.toString());
    try (NpyReader reader = NpyReader.open(out)) {
      assertEquals(12, reader.rows());
      assertEquals(256, reader.dims());
      reader.verify();
    }
    Outcome again = run("convert", "--store", store, "--index-rate", 0, "--out", out, query());
    assertEquals(
        "wrote "
            + out
            + ": 12 frames x 256 dims, 0 of them without a neighbour and left as they"
            + " were",
        again.out().strip());
    float[] kept = new float[12 * DIMS];
    try (NpyReader reader = NpyReader.open(out)) {
      reader.read(0, 12, kept);
    }
    for (int i = 0; i < kept.length; i++) {
      assertEquals(query[i / DIMS][i % DIMS], kept[i]);
    }
  }

  @Test
  void testInfo() throws IOException {
    JsonNode json = run("info", "--store", store, "--json").json();
    assertEquals("[256]", json.get("dims").toString());
    assertEquals(50, json.get("frames").asInt());
    JsonNode speaker = json.get("speakers").get(0);
    assertEquals(
        "{\"name\":\"\u00c4nna\",\"dims\":256,\"version\":\"v1\",\"embedder\":null,\"clips\":2,"
            + "\"muted\":[],\"frames\":50,\"seconds\":1.0,\"source\":\""
            + anna
            + "\",\"date\":\""
            + speaker.get("date").asText()
            + "\"}",
        speaker.toString());
    assertEquals(
        "[{\"name\":\"_0\",\"dims\":256,\"frames\":50,\"requested_nlist\":0,\"nlist\":0,\"m\":0,\"nprobe\":0,"
            + "\"k_factor\":0.0}]",
        json.get("segments").toString());
    String text = run("info", "--store", store).out();
    assertTrue(text.startsWith("50 frames, 0."), text);
    assertTrue(
        text.contains("speaker \"\u00c4nna\": 2 clips, 50 frames (0.0 min) x 256 dims, v1"), text);
    assertTrue(text.contains("segment _0: 50 frames x 256 dims, scanned exactly"), text);
  }

  @Test
  void testClipIsRefusedTheSecondTimeAndReplacedOnRequest() throws IOException {
    assertTrue(
        failure(1, "add", "--store", store, "--speaker", "\u00c4nna", anna)
            .startsWith(
                "ivfpq: add: "
                    + anna.resolve("10_0.npy")
                    + ": speaker \"\u00c4nna\" already has clip \"10_0\" (and 1 more of these)"));
    JsonNode json =
        run("add", "--store", store, "--speaker", "\u00c4nna", "--replace", "--json", anna).json();
    assertEquals(2, json.get("replaced").asInt());
    assertEquals(50, json.get("store_frames").asInt());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-k 0            | k must be in [1, 10000], got k=0",
        "-k 10001        | k must be in [1, 10000], got k=10001",
        "-k many         | Invalid value for option '-k': 'many' is not an int",
        "--nprobe 0      | nprobe",
        "--k-factor 0.5  | kFactor",
        "--unknown       | Unknown option: '--unknown'"
      })
  void testWrongSearchSettingsAreUsage(String words, String problem) throws IOException {
    List<Object> all = new ArrayList<>(List.of("search", "--store", store, query()));
    all.addAll(List.of(words.split(" ")));
    String message = failure(2, all.toArray());
    assertTrue(message.startsWith("ivfpq: search: "), message);
    assertTrue(message.contains(problem), message);
    assertTrue(message.endsWith("; see ivfpq search --help"), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-0.1", "1.5", "NaN"})
  void testIndexRateOutOfRangeIsUsage(String rate) throws IOException {
    Path out = temp.resolve("out.npy");
    String message =
        failure(2, "convert", "--store", store, "--index-rate=" + rate, "--out", out, query());
    assertEquals(
        "ivfpq: convert: index-rate must be in [0, 1], got index-rate="
            + rate
            + "; see ivfpq convert --help",
        message);
    assertFalse(Files.exists(out));
  }

  @Test
  void testMissingWordsAreUsage() throws IOException {
    assertEquals("ivfpq: Missing required subcommand; see ivfpq --help", failure(2));
    assertEquals(
        "ivfpq: Unmatched argument at index 0: 'sing'; see ivfpq --help", failure(2, "sing"));
    assertTrue(
        failure(2, "add", "--store", store)
            .startsWith("ivfpq: add: Missing required options and parameters: "));
    assertTrue(
        failure(2, "add", "--store", store, "--speaker", " ", anna)
            .startsWith("ivfpq: add: a speaker's name has 1 to 200 characters"));
  }

  @Test
  void testUnknownSpeaker() throws IOException {
    assertEquals(
        "ivfpq: search: " + store + ": no speaker \"bob\" in this store; it has \u00c4nna",
        failure(1, "search", "--store", store, "--speaker", "bob", query()));
  }

  @Test
  void testMissingStore() throws IOException {
    Path missing = temp.resolve("missing");
    for (String command : new String[] {"search", "convert", "info"}) {
      List<Object> words = new ArrayList<>(List.of(command, "--store", missing));
      if (command.equals("convert")) {
        words.addAll(List.of("--index-rate", 1, "--out", temp.resolve("out.npy")));
      }
      if (!command.equals("info")) {
        words.add(query());
      }
      assertTrue(
          failure(1, words.toArray())
              .startsWith("ivfpq: " + command + ": " + missing + ": no store there; make one"));
    }
    assertFalse(Files.exists(missing));
  }

  @Test
  void testOtherDims() throws IOException {
    Path wide = NpyBytes.write(temp.resolve("wide.npy"), Frames.speech(5, 3, 768));
    assertEquals(
        "ivfpq: search: "
            + wide
            + ": 768 dims, but the store "
            + store
            + " holds 256; extract it"
            + " as the store's voices were (RVC v1 has 256 dims, v2 768)",
        failure(1, "search", "--store", store, wide));
    Path folder = Files.createDirectory(temp.resolve("wide"));
    NpyBytes.write(folder.resolve("0.npy"), Frames.speech(5, 3, 768));
    assertEquals(
        "ivfpq: add: "
            + folder.resolve("0.npy")
            + ": 768 dims, but the voice \"\u00c4nna\" (256 dims, v1) has 256; add it under another"
            + " name, or replace the voice (RVC v1 has 256 dims, v2 768)",
        failure(1, "add", "--store", store, "--speaker", "\u00c4nna", folder));
    NpyBytes.write(folder.resolve("1.npy"), Frames.speech(5, 3, 256));
    assertEquals(
        "ivfpq: add: "
            + folder.resolve("1.npy")
            + ": 256 dims, but "
            + folder.resolve("0.npy")
            + " has 768; a voice has one dimension (RVC v1 has 256 dims, v2 768)",
        failure(1, "add", "--store", temp.resolve("new"), "--speaker", "bert", folder));
    assertFalse(Files.exists(temp.resolve("new")));
  }

  @Test
  void testDimsBeyondTheFormat() throws IOException {
    Path folder = Files.createDirectory(temp.resolve("wide"));
    NpyBytes.write(folder.resolve("0.npy"), new float[1][5000]);
    String message = failure(1, "add", "--store", temp.resolve("new"), "--speaker", "bert", folder);
    assertTrue(message.startsWith("ivfpq: add: " + folder.resolve("0.npy") + ": "), message);
    assertTrue(message.contains("5000"), message);
    assertFalse(Files.exists(temp.resolve("new")));
  }

  @Test
  void testUnreadableInputs() throws IOException {
    Path missing = temp.resolve("missing.npy");
    assertEquals(
        "ivfpq: search: " + missing + ": no such file; check the path",
        failure(1, "search", "--store", store, missing));
    Path empty = Files.createDirectory(temp.resolve("empty"));
    assertTrue(
        failure(1, "add", "--store", store, "--speaker", "bert", empty)
            .startsWith("ivfpq: add: " + empty + ": no .npy files in this folder"));
    Path damaged = temp.resolve("damaged.npy");
    byte[] whole = Files.readAllBytes(query());
    Files.write(damaged, Arrays.copyOf(whole, whole.length - 1));
    String message = failure(1, "search", "--store", store, "--json", damaged);
    assertTrue(
        message.startsWith(
            "ivfpq: search: " + damaged + ", offset " + (whole.length - 1) + ": the file ends"),
        message);
    query[11][255] = Float.NaN;
    NpyBytes.write(damaged, query);
    for (String[] json : new String[][] {{}, {"--json"}}) {
      List<Object> words = new ArrayList<>(List.of("search", "--store", store, damaged));
      words.addAll(List.of(json));
      assertEquals(
          "ivfpq: search: "
              + damaged
              + ", row 11, column 255: NaN; remove the file or extract it again",
          failure(1, words.toArray()));
    }
  }

  @Test
  void testLockedStore() throws IOException {
    Path bert = Files.createDirectory(temp.resolve("bert"));
    NpyBytes.write(bert.resolve("0.npy"), Frames.speech(5, 7, DIMS));
    try (Directory directory = FSDirectory.open(store);
        Lock lock = directory.obtainLock(IndexWriter.WRITE_LOCK_NAME)) {
      lock.ensureValid();
      assertEquals(
          "ivfpq: add: "
              + store
              + ": locked, another process is changing this store; try again when it is done",
          failure(1, "add", "--store", store, "--speaker", "bert", bert));
    }
  }

  @Test
  void testControlCharactersDoNotBreakTheLine() throws IOException {
    assertTrue(
        failure(1, "search", "--store", temp.resolve("a\nb"), query())
            .startsWith("ivfpq: search: " + temp.resolve("a b") + ": no store there"));
  }

  @Test
  void testSpeakersAreListedRenamedMutedMixedCheckedAndRemoved() throws IOException {
    Path bert = Files.createDirectory(temp.resolve("bert"));
    NpyBytes.write(bert.resolve("0.npy"), Frames.speech(5, 20, DIMS));
    assertEquals(
        0,
        run("add", "--store", store, "--speaker", "bert", "--embedder", "contentvec", bert).code());
    assertEquals(
        "muted of \"bert\": 0",
        run("mute", "--store", store, "--speaker", "bert", "0").out().strip());
    assertEquals(
        List.of(
            "speaker \"bert\": 1 clips (1 muted), 20 frames (0.0 min) x 256 dims, v1, contentvec",
            "  0 (muted)"),
        run("speakers", "--store", store, "--clips").out().lines().limit(2).toList());
    assertEquals(0, run("unmute", "--store", store, "--speaker", "bert", "0").code());
    assertEquals(
        "renamed \"bert\" to \"ben\"",
        run("rename", "--store", store, "bert", "ben").out().strip());
    Path out = temp.resolve("mixed.npy");
    JsonNode mixed =
        run(
                "mix",
                "--store",
                store,
                "--share",
                "ben=1",
                "--share",
                "\u00c4nna=3",
                "--index-rate",
                0.5,
                "--out",
                out,
                "--json",
                query())
            .json();
    assertEquals(12, mixed.get("frames").asInt());
    assertEquals("{\"ben\":1.0,\"\u00c4nna\":3.0}", mixed.get("shares").toString());
    try (NpyReader reader = NpyReader.open(out)) {
      reader.verify();
    }
    assertTrue(
        failure(
                2,
                "mix",
                "--store",
                store,
                "--share",
                "ben=-1",
                "--index-rate",
                1,
                "--out",
                out,
                query())
            .contains("a speaker's share in a mix must be in (0, 1e6], got ben=-1.0"));
    assertEquals("sound", run("check", "--store", store).out().strip());
    assertEquals("removed \"ben\"", run("remove", "--store", store, "ben").out().strip());
    assertEquals(1, run("speakers", "--store", store, "--json").json().size());
    assertEquals(
        "ivfpq: remove: " + store + ": no speaker \"ben\" in this store; it has \u00c4nna",
        failure(1, "remove", "--store", store, "ben"));
  }

  @Test
  void testHelpGoesToStdoutAndHasExitCodesAndAnExampleOnlyAtLength() {
    for (String command : commands()) {
      Outcome brief = run(command, "-h");
      Outcome full = run(command, "--help");
      assertEquals(0, brief.code());
      assertEquals(0, full.code());
      assertEquals("", brief.err() + full.err());
      assertTrue(brief.out().startsWith("Usage: ivfpq " + command), brief.out());
      assertFalse(brief.out().contains("Example"), brief.out());
      assertTrue(full.out().contains("\n  ivfpq " + command + " ") || command.equals("completion"));
      assertTrue(full.out().contains("Example"), full.out());
      assertFalse(brief.out().contains("Exit codes:"), brief.out());
      for (String code : List.of("  0   ", "  1   ", "  2   ")) {
        assertTrue(full.out().substring(full.out().indexOf("Exit codes:")).contains(code));
      }
    }
    assertTrue(run("search", "-h").out().contains("Default: 8"), run("search", "-h").out());
    assertTrue(run("--help").out().contains("ivfpq demo"));
  }

  private static Set<String> commands() {
    Console console =
        new Console(
            OutputStream.nullOutputStream(),
            StandardCharsets.UTF_8,
            System.err,
            false,
            false,
            Map.of());
    return Ivfpq.commandLine(new Ivfpq(console)).getSubcommands().keySet();
  }

  @Test
  void testColoursAreForTerminalsThatWantThem() {
    String escape = "\u001b[";
    assertFalse(run("--help").out().contains(escape));
    assertTrue(onTerminal(Map.of(), "--help").out().contains(escape));
    assertTrue(onTerminal(Map.of("NO_COLOR", ""), "--help").out().contains(escape));
    assertFalse(onTerminal(Map.of("NO_COLOR", "0"), "--help").out().contains(escape));
    assertFalse(onTerminal(Map.of("TERM", "dumb"), "--help").out().contains(escape));
    assertTrue(onTerminal(Map.of(), "sing").err().startsWith(escape));
    assertEquals(
        "ivfpq: Unmatched argument at index 0: 'sing'; see ivfpq --help",
        onTerminal(Map.of("NO_COLOR", "1"), "sing").err().strip());
  }

  private static Outcome onTerminal(Map<String, String> environment, Object... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = run(out, err, true, environment, words);
    return new Outcome(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void testBashCompletesCommandsAndOptions() throws Exception {
    Path bash = Path.of("/bin/bash");
    assumeTrue(Files.isExecutable(bash), "no " + bash + " to complete words");
    Path script = Files.writeString(temp.resolve("completion"), run("completion").out());
    assertEquals("convert", completed(bash, script, "ivfpq", "conv"));
    assertEquals("--index-rate", completed(bash, script, "ivfpq", "convert", "--ind"));
  }

  private static String completed(Path bash, Path script, String... words) throws Exception {
    // compopt works in an interactive shell alone.
    String source =
        "compopt() { :; }; . '%s'; COMP_WORDS=(%s); COMP_CWORD=%d; _complete_ivfpq; echo ${COMPREPLY[@]}"
            .formatted(script, String.join(" ", words), words.length - 1);
    Process process = new ProcessBuilder(bash.toString(), "-c", source).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String complaints = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), complaints);
    assertEquals("", complaints);
    return said.strip();
  }

  @Test
  void versionNamesTheCommand() {
    for (String option : List.of("-V", "--version")) {
      Outcome outcome = run(option);
      assertEquals(0, outcome.code());
      // The number is in the packaged jar's manifest, which integration tests look at.
      assertEquals("ivfpq (not packaged)", outcome.out().strip());
    }
  }

  @Test
  void testUnvoicedFramesAreProtectedByRvcsFormula() throws IOException {
    float[] f0 = new float[2 * query.length + 3];
    for (int i = 0; i < f0.length; i++) {
      f0[i] = i % 3 == 0 ? 0 : 100 + i;
    }
    Path pitch = NpyBytes.writeList(temp.resolve("f0.npy"), f0);
    Path plain = temp.resolve("plain.npy");
    Path safe = temp.resolve("safe.npy");
    for (List<String> words : List.of(List.of("convert"), List.of("mix", "--share", "Änna=1"))) {
      List<Object> command = new ArrayList<>(words);
      command.addAll(List.of("--store", store, "--index-rate", 0.75, query(), "--json", "--out"));
      assertEquals(12, run(with(command, plain)).json().get("rows").asInt());
      assertEquals(
          24, run(with(command, safe, "--f0", pitch, "--protect", 0.2)).json().get("rows").asInt());
      float[][] converted = rows(plain);
      float[][] protectedRows = rows(safe);
      for (int i = 0; i < 24; i++) {
        for (int j = 0; j < DIMS; j++) {
          double m = f0[i] < 1 ? 0.2 : 1;
          double expected = m * converted[i / 2][j] + (1 - m) * query[i / 2][j];
          assertEquals(expected, protectedRows[i][j], 1e-5 * (1 + Math.abs(expected)));
        }
      }
      // One pitch a frame keeps 50 rows a second; at 0.5 nothing is protected, as in RVC.
      Path each = NpyBytes.writeList(temp.resolve("each.npy"), new float[12]);
      run(with(command, safe, "--f0", each, "--protect", 0.5));
      assertArrayEquals(converted, rows(safe));
      run(with(command, safe, "--f0", each));
      assertEquals(.33 * converted[3][5] + .67 * query[3][5], rows(safe)[3][5], 1e-5);
    }
  }

  private static Object[] with(List<Object> command, Object... more) {
    List<Object> words = new ArrayList<>(command);
    words.addAll(List.of(more));
    return words.toArray();
  }

  private static float[][] rows(Path file) throws IOException {
    try (NpyReader reader = NpyReader.open(file)) {
      return reader.readAll();
    }
  }

  @Test
  void testPitchesThatDoNotFitAreRefused() throws IOException {
    Path out = temp.resolve("none.npy");
    Object[] convert = {
      "convert", "--store", store, "--index-rate", 1, "--out", out, query(), "--protect", 0.1
    };
    assertEquals(
        "ivfpq: convert: --protect needs the clip's pitch, --f0 F0.npy; see ivfpq convert --help",
        failure(2, convert));
    Path few = NpyBytes.writeList(temp.resolve("few.npy"), new float[5]);
    assertEquals(
        "ivfpq: convert: "
            + few
            + ": 5 pitches for 12 frames; give one a frame, or two (100 a second) as RVC extracts"
            + " them",
        failure(1, with(List.of(convert), "--f0", few)));
    assertEquals(
        "ivfpq: convert: "
            + query()
            + ": shape (12, 256) is no list; save a list of numbers of shape (n,)",
        failure(1, with(List.of(convert), "--f0", query())));
    assertEquals(
        "ivfpq: convert: protect must be in [0, 0.5], got protect=0.7; see ivfpq convert --help",
        failure(
            2,
            "convert",
            "--store",
            store,
            "--index-rate",
            1,
            "--out",
            out,
            query(),
            "--f0",
            few,
            "--protect",
            0.7));
    assertFalse(Files.exists(out));
  }

  @Test
  void testThreadsAreCapped() throws IOException {
    assertEquals(
        "ivfpq: add: threads must be in [1, 1024], got threads=0; see ivfpq add --help",
        failure(2, "add", "--store", store, "--speaker", "ben", "--threads", 0, anna));
    assertEquals(0, run("check", "--store", store, "--threads", 1).code());
  }

  /** Stdout of which nobody reads more than the first bytes. */
  private static OutputStream failing(String reason) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException(reason);
      }
    };
  }

  @Test
  void testClosedPipeIsNoError() {
    for (String[] words : new String[][] {{"search"}, {"search", "--json"}, {"search", "-h"}}) {
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      List<Object> all = new ArrayList<>(List.of(words));
      all.addAll(List.of("--store", store, query()));
      assertEquals(0, run(failing("Broken pipe"), err, all.toArray()));
      assertEquals("", err.toString(StandardCharsets.UTF_8));
    }
  }

  @Test
  void testFullDiskIsAnError() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    OutputStream full = failing("No space left on device");
    assertEquals(1, run(full, err, "search", "--store", store, "--json", query()));
    assertEquals(
        "ivfpq: search: No space left on device", err.toString(StandardCharsets.UTF_8).strip());
  }
}
