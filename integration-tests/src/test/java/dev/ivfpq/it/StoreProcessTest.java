// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ivfpq.rvc.ExistingClips;
import dev.ivfpq.rvc.Progress;
import dev.ivfpq.rvc.SpeakerNames;
import dev.ivfpq.rvc.VoiceImport;
import dev.ivfpq.rvc.VoiceStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.Lock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line as processes of their own: killed, locked out, and given bad input. */
class StoreProcessTest {
  private static final int DIMS = 256;
  private static final int KILLS = 20;
  private static final int EXPORT_KILLS = 8;

  @TempDir private Path folder;
  private Path store;
  private int processes;

  @BeforeEach
  void makeStore() throws Exception {
    store = folder.resolve("st\u00f6re with space");
    clips("first", 2, 600);
    assertEquals("", add("anna", "first").err());
  }

  /** At any moment of its run: what is there afterwards is all of the change, or none of it. */
  @Test
  void aKilledWriterLeavesTheLastCommit() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    clips("second", 4, 1500);
    long began = System.nanoTime();
    String undisturbed = path("undisturbed");
    assertEquals("", run("add", "--store", undisturbed, "--speaker", "bert", path("second")).err());
    int millis = (int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    int torn = 0;
    int late = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      var before = files().entrySet();
      Process writer =
          start("add", "--store", store.toString(), "--speaker", "bert", path("second"));
      int moment = random.nextInt(millis);
      Thread.sleep(moment);
      writer.destroyForcibly().waitFor();
      String after = "seed " + seed + ", kill " + kill + " after " + moment + " ms";
      boolean written = !before.containsAll(files().entrySet());
      try (VoiceStore voices = VoiceStore.open(store)) {
        assertEquals(List.of(), voices.check(Progress.NONE), after);
        if (voices.speakers().size() == 1) {
          assertEquals(1200, voices.info().frames(), after);
          torn += written ? 1 : 0;
        } else {
          assertEquals(7200, voices.info().frames(), after);
          voices.remove("bert", Progress.NONE);
          late++;
        }
      }
    }
    System.out.println(
        "StoreProcessTest: seed %d, %d kills within %d ms, %d while it wrote, %d after the commit"
            .formatted(seed, KILLS, millis, torn, late));
    assertTrue(torn > 0, "no kill came while files were written");
    assertEquals("", add("bert", "second").err());
    assertEquals(7200, frames());
  }

  /** Under the names that RVC looks for there is a whole file at any moment, or none. */
  @Test
  void aKilledExportLeavesNoHalfFiles() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Path out = folder.resolve("logs");
    String[] export = {
      "export", "--store", store.toString(), "--speaker", "anna", "--replace", "--out", "" + out
    };
    assertEquals("", run(export).err());
    Set<String> names = names(out);
    assertEquals(2, names.size(), names::toString);
    int left = 0;
    for (int kill = 0; kill < EXPORT_KILLS; kill++) {
      // Every other time into a folder that has the files already.
      if (kill % 2 == 0) {
        for (String name : names(out)) {
          Files.delete(out.resolve(name));
        }
      }
      Process process = start(export);
      while (process.isAlive() && names(out).stream().noneMatch(n -> n.endsWith(".part"))) {
        Thread.onSpinWait();
      }
      int moment = random.nextInt(20);
      Thread.sleep(moment);
      process.destroyForcibly().waitFor();
      String after = "seed " + seed + ", kill " + kill + ", " + moment + " ms after the first byte";
      for (String name : names(out)) {
        if (names.contains(name)) {
          assertEquals(1200, imported(out.resolve(name)), after + ": " + name);
        } else {
          assertTrue(name.endsWith(".part"), after + ": " + name);
          left++;
        }
      }
    }
    System.out.println(
        "StoreProcessTest: seed %d, %d kills of an export, %d part files left"
            .formatted(seed, EXPORT_KILLS, left));
    assertTrue(left > 0, "no kill came while files were written");
    assertEquals("", run(export).err());
    assertEquals(names, names(out), "the next export takes away what was left");
  }

  private static Set<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  private long imported(Path file) throws IOException {
    Path scratch = Files.createTempDirectory(folder, "imported");
    try (VoiceStore voices = VoiceStore.openOrCreate(scratch)) {
      VoiceImport voice = new VoiceImport(file, SpeakerNames.one("copy"), Optional.empty());
      voices.importVoice(voice, ExistingClips.REFUSE, Progress.NONE);
      return voices.info().frames();
    }
  }

  @Test
  void aSecondWriterIsToldAndChangesNothing() throws Exception {
    clips("second", 1, 10);
    Map<String, Integer> before = files();
    try (FSDirectory directory = FSDirectory.open(store);
        Lock lock = directory.obtainLock("write.lock")) {
      lock.ensureValid();
      assertEquals(
          "ivfpq: add: "
              + store
              + ": locked, another process is changing this store; try again when it is done",
          refusal(add("bert", "second")));
    }
    assertEquals(before, files());
  }

  @Test
  void badInputIsSaidInOneSentenceAndChangesNothing() throws Exception {
    Map<String, Integer> before = files();
    Files.createDirectories(folder.resolve("empty"));
    clip("bad", "cut.npy", DIMS, 20, 0f, 100);
    clip("nan", "row.npy", DIMS, 20, Float.NaN, 0);
    clip("other", "wide.npy", 768, 20, 0f, 0);
    Path query = folder.resolve("other").resolve("wide.npy");

    assertContains(refusal(add("bert", "bad")), "cut.npy", "trunc");
    assertContains(refusal(add("bert", "nan")), "row.npy", "NaN", "row 3");
    assertContains(refusal(add("anna", "other")), "wide.npy", "768", "256");
    assertContains(refusal(add("bert", "empty")), "empty", ".npy");
    assertContains(
        refusal(run("search", "--json", "--store", store.toString(), query.toString())),
        "wide.npy",
        "768",
        "256");
    assertContains(
        refusal(run("search", "-k", "0", "--store", store.toString(), query.toString())), "k=0");
    assertContains(
        refusal(run("search", "--store", path("nowhere"), query.toString())), "no store there");
    assertEquals(before, files());
  }

  private static void assertContains(String sentence, String... words) {
    for (String word : words) {
      assertTrue(sentence.contains(word), () -> "\"" + word + "\" is not in: " + sentence);
    }
  }

  /** The one line of a process that refused, which printed nothing else. */
  private static String refusal(Ended ended) {
    assertTrue(ended.code() == 1 || ended.code() == 2, ended::toString);
    assertEquals("", ended.out());
    assertEquals(1, ended.err().lines().count(), ended::toString);
    return ended.err();
  }

  private int frames() throws Exception {
    Ended info = run("info", "--json", "--store", store.toString());
    assertEquals(0, info.code(), info::toString);
    JsonNode json = new ObjectMapper().readTree(info.out());
    return json.get("frames").asInt();
  }

  private Ended add(String speaker, String clips) throws Exception {
    return run("add", "--store", store.toString(), "--speaker", speaker, path(clips));
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private void clips(String name, int count, int frames) throws IOException {
    for (int i = 0; i < count; i++) {
      clip(name, "clip " + i + ".npy", DIMS, frames, 0f, 0);
    }
  }

  /** A clip with one value of row 3 replaced, unless it is 0, and the last bytes missing. */
  private void clip(String name, String file, int dims, int frames, float value, int missing)
      throws IOException {
    String words =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (" + frames + ", " + dims + "), }";
    String padded = words + " ".repeat(63 - (10 + words.length()) % 64) + "\n";
    ByteBuffer bytes =
        ByteBuffer.allocate(10 + padded.length() + frames * dims * 4)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put((byte) 0x93)
            .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
            .put((byte) 1)
            .put((byte) 0)
            .putShort((short) padded.length())
            .put(padded.getBytes(StandardCharsets.US_ASCII));
    Random random = new Random((name + file).hashCode());
    for (int i = 0; i < frames * dims; i++) {
      bytes.putFloat(i == 3 * dims + 5 && value != 0 ? value : (float) random.nextGaussian());
    }
    Path target = Files.createDirectories(folder.resolve(name)).resolve(file);
    byte[] all = bytes.array();
    Files.write(target, Arrays.copyOf(all, all.length - missing));
  }

  /** A hash of each file of the store. */
  private Map<String, Integer> files() throws IOException {
    Map<String, Integer> hashes = new TreeMap<>();
    try (Stream<Path> files = Files.list(store)) {
      for (Path file : files.toList()) {
        hashes.put(file.getFileName().toString(), Arrays.hashCode(Files.readAllBytes(file)));
      }
    }
    return hashes;
  }

  /** A process that has come to its end. */
  private record Ended(int code, String out, String err) {}

  private Ended run(String... words) throws Exception {
    Process process = start(words);
    int number = processes;
    assertTrue(process.waitFor(2, TimeUnit.MINUTES), () -> "no end: " + List.of(words));
    return new Ended(process.exitValue(), said("out" + number), said("err" + number));
  }

  private String said(String name) throws IOException {
    return Files.readString(folder.resolve(name))
        .replace("WARNING: Using incubator modules: jdk.incubator.vector", "")
        .strip();
  }

  private Process start(String... words) throws IOException {
    processes++;
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--add-modules");
    command.add("jdk.incubator.vector");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-jar");
    command.add(System.getProperty("tests.cli.jar"));
    command.addAll(List.of(words));
    return new ProcessBuilder(command)
        .redirectOutput(folder.resolve("out" + processes).toFile())
        .redirectError(folder.resolve("err" + processes).toFile())
        .start();
  }
}
