// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ivfpq.IvfPqSearchParameters;
import dev.ivfpq.rvc.AddSummary;
import dev.ivfpq.rvc.Blend;
import dev.ivfpq.rvc.Clip;
import dev.ivfpq.rvc.ExistingClips;
import dev.ivfpq.rvc.Neighbour;
import dev.ivfpq.rvc.Progress;
import dev.ivfpq.rvc.SearchSettings;
import dev.ivfpq.rvc.StoreException;
import dev.ivfpq.rvc.StoreInfo;
import dev.ivfpq.rvc.Voice;
import dev.ivfpq.rvc.VoiceRecord;
import dev.ivfpq.rvc.VoiceStore;
import dev.ivfpq.rvc.Voices;
import dev.ivfpq.rvc.cluster.ClusterAddress;
import dev.ivfpq.rvc.cluster.ClusterStore;
import dev.ivfpq.rvc.npy.NpyReader;
import dev.ivfpq.rvc.npy.NpyWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store on a cluster beside one in a folder, both with the sample voices. */
final class ClusterStoreTest {
  private static final Path EXAMPLES = Path.of(System.getProperty("tests.root"), "examples");
  private static final Path QUERY = EXAMPLES.resolve(Path.of("held-out", "slt", "000.npy"));
  private static final List<String> SPEAKERS = List.of("awb", "rms", "kal16");

  /** All lists, everything re-ranked. */
  private static final SearchSettings EXACT =
      SearchSettings.DEFAULT.withScan(
          IvfPqSearchParameters.DEFAULT.withNprobe(1_000_000).withKFactor(1e6f));

  @TempDir static Path folder;
  private static Cluster cluster;
  private static Voices remote;
  private static Voices local;

  @BeforeAll
  static void addSampleVoices() throws Exception {
    cluster = Cluster.start(folder, 1);
    cluster
        .node(0)
        .put(
            "/_index_template/voices",
            """
            {"index_patterns": ["voices*"],
             "template": {"settings": {"index.number_of_shards": 3, "index.number_of_replicas": 0}}}
            """);
    remote = ClusterStore.openOrCreate(address("voices"));
    local = VoiceStore.openOrCreate(folder.resolve("local"));
    for (String speaker : SPEAKERS) {
      assertEquals(add(local, speaker), add(remote, speaker));
    }
  }

  @AfterAll
  static void stop() throws IOException {
    remote.close();
    local.close();
    cluster.close();
  }

  private static ClusterAddress address(String index) {
    return ClusterAddress.parse(
        "opensearch://127.0.0.1:" + cluster.node(0).port() + "/" + index, Map.of());
  }

  private static AddSummary add(Voices voices, String speaker) throws IOException {
    List<Clip> clips = Clip.inFolder(EXAMPLES.resolve(Path.of("voices", speaker)));
    return voices.add(new Voice(speaker, clips), ExistingClips.REFUSE, Progress.NONE);
  }

  private static List<List<Neighbour>> search(Voices voices, SearchSettings settings)
      throws IOException {
    List<List<Neighbour>> found = new ArrayList<>();
    voices.search(QUERY, settings, (frame, neighbours) -> found.add(neighbours), Progress.NONE);
    return found;
  }

  @Test
  void findsWhatTheLocalStoreFinds() throws IOException {
    for (SearchSettings settings :
        List.of(EXACT, EXACT.withSpeaker("rms"), EXACT.withSpeakers(List.of("awb", "kal16")))) {
      List<List<Neighbour>> expected = search(local, settings);
      assertEquals(expected, search(remote, settings));
      assertEquals(rows(QUERY).length, expected.size());
      assertEquals(8, expected.getFirst().size());
    }
  }

  @Test
  void findsMoreThanOneAnswerHolds() throws IOException {
    SearchSettings many = EXACT.withK(3000);
    float[][] frames = {rows(QUERY)[0], rows(QUERY)[1], rows(QUERY)[2]};
    assertEquals(local.retrieve(frames, many), remote.retrieve(frames, many));
  }

  @Test
  void convertsToTheSameBits() throws IOException {
    Path one = folder.resolve("one.npy");
    Path other = folder.resolve("other.npy");
    SearchSettings rms = EXACT.withSpeaker("rms");
    Blend blend = new Blend(.75);
    assertEquals(
        local.convert(QUERY, one, rms, blend, Progress.NONE),
        remote.convert(QUERY, other, rms, blend, Progress.NONE));
    assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(other));
  }

  @Test
  void knowsTheSameVoices() throws IOException {
    assertEquals(names(local), names(remote));
    for (String speaker : SPEAKERS) {
      assertEquals(local.clips(speaker), remote.clips(speaker));
    }
    assertEquals(local.info().frames(), remote.info().frames());
    assertEquals(counts(local), counts(remote));
    assertEquals(
        address("voices") + ": no speaker \"nobody\" in this store; it has awb, kal16, rms",
        sentence(() -> remote.clips("nobody")));
  }

  private static List<String> names(Voices voices) throws IOException {
    return voices.speakers().stream().map(VoiceRecord::speaker).toList();
  }

  private static List<String> counts(Voices voices) throws IOException {
    List<String> counts = new ArrayList<>();
    for (StoreInfo.Speaker speaker : voices.info().speakers()) {
      counts.add(speaker.voice().speaker() + " " + speaker.clips() + " " + speaker.frames());
    }
    return counts;
  }

  @Test
  void refusesReplacesAndRemovesAsTheLocalStoreDoes() throws IOException {
    Path clip = folder.resolve("c,1.npy");
    try (Voices one = VoiceStore.openOrCreate(folder.resolve("changed"));
        Voices other = ClusterStore.openOrCreate(address("voices-changed"))) {
      for (Voices voices : List.of(one, other)) {
        write(clip, 30, 256, 1);
        add(voices, "an na, b", clip, ExistingClips.REFUSE);
        add(voices, "ben", clip, ExistingClips.REFUSE);
        assertEquals(
            clip
                + ": speaker \"ben\" already has clip \"c,1\"; rename the file, or replace what is"
                + " in the store with --replace",
            sentence(() -> add(voices, "ben", clip, ExistingClips.REFUSE)));
        write(clip, 20, 256, 2);
        AddSummary replaced = add(voices, "ben", clip, ExistingClips.REPLACE);
        assertEquals(new AddSummary("ben", 1, 1, 20, 256, 50), replaced);
        float[][] query = {rows(clip)[3]};
        Neighbour nearest = voices.retrieve(query, EXACT.withSpeaker("ben")).getFirst().getFirst();
        assertEquals(new Neighbour("ben", "c,1", 3, 0), nearest);
        assertEquals(
            30, voices.retrieve(query, EXACT.withK(40).withSpeaker("an na, b")).getFirst().size());

        write(clip, 10, 768, 3);
        assertEquals(
            clip
                + ": 768 dims, but the voice \"ben\" (256 dims, v1) has 256; add it under another"
                + " name, or replace the voice (RVC v1 has 256 dims, v2 768)",
            sentence(() -> add(voices, "ben", clip, ExistingClips.REPLACE)));
        assertEquals(
            new AddSummary("ben", 1, 1, 10, 768, 40),
            add(voices, "ben", clip, ExistingClips.REPLACE_ALL));
        voices.remove("ben", Progress.NONE);
        assertEquals(List.of("an na, b"), names(voices));
        assertEquals(30, voices.info().frames());
      }
    }
  }

  private static void write(Path file, int frames, int dims, int seed) throws IOException {
    Files.deleteIfExists(file);
    try (NpyWriter writer = NpyWriter.create(file, frames, dims)) {
      Random random = new Random(seed);
      for (int i = 0; i < frames; i++) {
        float[] row = new float[dims];
        for (int j = 0; j < dims; j++) {
          row[j] = (float) random.nextGaussian();
        }
        writer.write(row, 1);
      }
      writer.finish();
    }
  }

  private static AddSummary add(Voices voices, String speaker, Path clip, ExistingClips existing)
      throws IOException {
    Voice voice = new Voice(speaker, List.of(Clip.of(clip)), Optional.empty());
    return voices.add(voice, existing, Progress.NONE);
  }

  @Test
  void takesBackAnAddThatFails() throws IOException {
    Path clip = folder.resolve("gone.npy");
    write(clip, 2000, 256, 4);
    try (Voices voices = ClusterStore.openOrCreate(address("voices-failed"))) {
      add(voices, "anna", clip, ExistingClips.REFUSE);
      write(clip, 3000, 256, 5);
      Voice voice = new Voice("anna", List.of(Clip.of(clip)), Optional.empty());
      assertThrows(
          IllegalStateException.class,
          () -> voices.add(voice, ExistingClips.REPLACE, new Interrupted()));
      assertEquals(2000, voices.info().frames());
    }
  }

  @Test
  void replacingMendsAnAddThatWasKilled() throws IOException {
    Path clip = folder.resolve("killed.npy");
    write(clip, 100, 256, 6);
    try (Voices voices = ClusterStore.openOrCreate(address("voices-killed"))) {
      add(voices, "anna", clip, ExistingClips.REFUSE);
      // As far as an add comes before it records the voice.
      String find = "/voices-killed/_search?q=_exists_:voice_of";
      String id = cluster.node(0).get(find).at("/hits/hits/0/_id").textValue();
      cluster.node(0).delete("/voices-killed/_doc/" + id + "?routing=anna&refresh=true");
      assertEquals(List.of(), voices.speakers());
      assertTrue(
          sentence(() -> add(voices, "anna", clip, ExistingClips.REFUSE))
              .endsWith("replace what is in the store with --replace"));
      assertEquals(
          new AddSummary("anna", 1, 1, 100, 256, 100),
          add(voices, "anna", clip, ExistingClips.REPLACE));
      assertEquals(List.of("anna"), names(voices));
    }
  }

  @Test
  void saysWhatIsNotThere() throws IOException {
    assertEquals(
        address("none")
            + ": no index \"none\" on this cluster; make it with: ivfpq add --store "
            + address("none")
            + " --speaker NAME FOLDER",
        sentence(() -> ClusterStore.open(address("none"))));
    cluster.node(0).put("/other", "{}");
    assertEquals(
        address("other") + ": an index, but not a store of voices; name another",
        sentence(() -> ClusterStore.openOrCreate(address("other"))));
    ClusterAddress nobody = ClusterAddress.parse("opensearch://127.0.0.1:1/voices", Map.of());
    assertEquals(
        nobody
            + ": nobody answers there (connection refused); start the cluster, or check host and"
            + " port",
        sentence(() -> ClusterStore.open(nobody)));
  }

  /** Fails when 2,500 frames of an add are done, some of them sent. */
  private static final class Interrupted implements Progress {
    private boolean adding;
    private long frames;

    @Override
    public void begin(String step, long total) {
      adding = step.equals("adding");
    }

    @Override
    public void advance(long by) {
      frames += adding ? by : 0;
      if (frames > 2500) {
        throw new IllegalStateException("stopped");
      }
    }
  }

  @Test
  void saysThatTheClusterHasNoTls() {
    String address = "opensearchs://127.0.0.1:" + cluster.node(0).port() + "/voices";
    String said = sentence(() -> ClusterStore.open(ClusterAddress.parse(address, Map.of())));
    assertTrue(said.startsWith(address + ": no TLS connection ("), said);
    assertTrue(said.endsWith("or use opensearch:// if the cluster has no TLS"), said);
  }

  /** Something that is refused. */
  @FunctionalInterface
  private interface Refused {
    Object run() throws IOException;
  }

  private static String sentence(Refused refused) {
    return assertThrows(StoreException.class, refused::run).getMessage();
  }

  private static float[][] rows(Path file) throws IOException {
    try (NpyReader reader = NpyReader.open(file)) {
      return reader.readAll();
    }
  }
}
