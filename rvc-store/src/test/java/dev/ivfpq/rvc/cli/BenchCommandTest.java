// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ivfpq.rvc.ClipId;
import dev.ivfpq.rvc.Frames;
import dev.ivfpq.rvc.StoreException;
import dev.ivfpq.rvc.VoiceStore;
import dev.ivfpq.rvc.npy.NpyBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ivfpq bench} on voices so small that they are scanned exactly: all but the times. */
class BenchCommandTest {
  private static final int DIMS = 256;

  @TempDir Path temp;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private Path store;
  private Path query;

  private int run(Object... words) {
    out.reset();
    err.reset();
    List<String> args = new ArrayList<>();
    for (Object word : words) {
      args.add(word.toString());
    }
    PrintStream messages = new PrintStream(err, true, StandardCharsets.UTF_8);
    return Ivfpq.run(
        args.toArray(String[]::new),
        new Console(out, StandardCharsets.UTF_8, messages, false, false, Map.of()));
  }

  private String refusal(int code, Object... words) {
    assertEquals(code, run(words), () -> err.toString(StandardCharsets.UTF_8));
    assertEquals("", out.toString(StandardCharsets.UTF_8));
    return err.toString(StandardCharsets.UTF_8).strip();
  }

  private void add(String speaker, int... lengths) throws IOException {
    Path folder = Files.createDirectories(temp.resolve(speaker));
    for (int i = 0; i < lengths.length; i++) {
      NpyBytes.write(folder.resolve(i + "_0.npy"), clip(speaker, i, lengths[i]));
    }
    assertEquals(0, run("add", "--store", store, "--speaker", speaker, folder));
  }

  private static float[][] clip(String speaker, int number, int length) {
    return Frames.speech(speaker.hashCode() + number, length, DIMS);
  }

  @BeforeEach
  void makeStore() throws IOException {
    store = temp.resolve("store");
    query = temp.resolve("query.npy");
    add("anna", 70, 30, 50);
    NpyBytes.write(query, Frames.speech(3, 85, DIMS));
  }

  @Test
  void testGivenClipsAreTimed() throws IOException {
    run("bench", "--store", store, "--json", "--rounds", "2", "--block", "20", query);
    JsonNode figures = new ObjectMapper().readTree(out.toByteArray());
    assertEquals("anna", figures.get("speaker").asText());
    assertEquals(1, figures.get("clips").asInt());
    assertEquals(85, figures.get("frames").asInt());
    assertFalse(figures.get("held_out").asBoolean());
    assertEquals(200, figures.get("blocks").asInt(), "50 passes over 4 whole blocks of 20");
    assertEquals(1, figures.get("recall").asDouble(), "150 frames are scanned exactly");
    assertEquals(85, figures.get("recall_frames").asInt());
    double median = figures.get("block_median_micros").asDouble();
    assertTrue(median > 0 && median <= figures.get("block_p99_micros").asDouble(), out::toString);
    assertTrue(figures.get("clip_micros").asDouble() > 0, out::toString);
    if (Files.exists(Path.of("/proc/self/status"))) {
      long resident = figures.get("resident_bytes").asLong();
      assertTrue(resident > 10 << 20 && resident < 8L << 30, () -> resident + " bytes");
    }
  }

  @Test
  void testClipsOfTheVoiceAreHeldOut() {
    assertEquals(0, run("bench", "--store", store, "--speaker", "anna", "--rounds", "1"));
    List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
    assertEquals(
        "voice \"anna\", 256 dims; 150 frames of 3 clips of its own, each held out, 8 neighbours"
            + " each",
        lines.get(0));
    assertTrue(
        lines.get(1).matches("block of 16 frames +median [0-9.]+ ms, p99 .* of the 320 ms .*"),
        lines.get(1));
    assertEquals(
        "recall@8              1.0000, 150 frames beside a search of everything", lines.get(3));
  }

  @Test
  void testFramesOfAClipComeAsTheyWereAdded() throws IOException {
    try (VoiceStore voices = VoiceStore.open(store)) {
      float[][] frames = voices.frames(new ClipId("anna", "1_0"));
      assertArrayEquals(clip("anna", 1, 30), frames);
      StoreException missing =
          assertThrows(StoreException.class, () -> voices.frames(new ClipId("anna", "7")));
      assertEquals(store + ": speaker \"anna\" has no clip \"7\"", missing.getMessage());
      assertThrows(StoreException.class, () -> voices.frames(new ClipId("ben", "1_0")));
    }
  }

  @Test
  void testWhatCannotBeMeasuredIsSaidInASentence() throws IOException {
    assertEquals(
        "ivfpq: bench: " + store + ": no speaker \"ben\" in this store; it has anna",
        refusal(1, "bench", "--store", store, "--speaker", "ben", query));
    assertEquals(
        "ivfpq: bench: block must be in [1, 4096], got block=0; see ivfpq bench --help",
        refusal(2, "bench", "--store", store, "--block", "0", query));
    assertEquals(
        "ivfpq: bench: 85 frames in all are less than two blocks of 43; give longer clips, or a"
            + " smaller --block",
        refusal(1, "bench", "--store", store, "--block", "43", query));
    Path other = temp.resolve("other.npy");
    NpyBytes.write(other, Frames.speech(3, 85, 32));
    assertEquals(
        "ivfpq: bench: "
            + other
            + ": 32 dims, but the voice \"anna\" has 256; extract it as the voice was (RVC v1 has"
            + " 256 dims, v2 768)",
        refusal(1, "bench", "--store", store, other));
    add("ben", 60);
    assertEquals(
        "ivfpq: bench: " + store + ": holds 2 voices; name one with --speaker",
        refusal(1, "bench", "--store", store, query));
    assertEquals(
        "ivfpq: bench: "
            + store
            + ": the voice \"ben\" is one clip, of which none can be held out; name .npy files to"
            + " ask with",
        refusal(1, "bench", "--store", store, "--speaker", "ben"));
  }
}
