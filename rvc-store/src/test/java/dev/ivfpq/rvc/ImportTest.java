// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ivfpq.rvc.npy.NpyBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Voices as people have and exchange them: folders and archives, good and bad ones. */
class ImportTest {
  private static final int DIMS = 8;
  private static final Path INDEXES = Path.of("src/test/resources/faiss");

  @TempDir private Path temp;

  private Path storeFolder;
  private byte[] index;

  /** Content by name, in the order of the archive. */
  private final Map<String, byte[]> entries = new TreeMap<>();

  @BeforeEach
  void prepare() throws IOException {
    storeFolder = temp.resolve("in/store");
    Files.createDirectories(storeFolder.getParent());
    index = Files.readAllBytes(INDEXES.resolve("ivf_flat.index"));
  }

  private byte[] clip(long seed, int frames) throws IOException {
    Path file = NpyBytes.write(temp.resolve("clip.npy"), Frames.speech(seed, frames, DIMS));
    byte[] bytes = Files.readAllBytes(file);
    Files.delete(file);
    return bytes;
  }

  private Path zip() throws IOException {
    return zip(StandardCharsets.UTF_8);
  }

  private Path zip(Charset names) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes, names)) {
      for (String name : entries.keySet()) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(entries.get(name));
        zip.closeEntry();
      }
    }
    return Files.write(temp.resolve("in/voice.zip"), bytes.toByteArray());
  }

  private Path folder() throws IOException {
    Path root = temp.resolve("in/logs");
    for (String name : entries.keySet()) {
      Path file = root.resolve(name);
      Files.createDirectories(file.getParent());
      Files.write(file, entries.get(name));
    }
    return root;
  }

  private ImportSummary read(Path path, SpeakerNames speakers) throws IOException {
    try (VoiceStore store = VoiceStore.openOrCreate(storeFolder)) {
      return store.importVoice(
          new VoiceImport(path, speakers), ExistingClips.REFUSE, Progress.NONE);
    }
  }

  private ImportSummary read(Path path) throws IOException {
    return read(path, SpeakerNames.one("anna"));
  }

  /** Refused with these words, and nothing written anywhere. */
  private void assertRefused(Path path, SpeakerNames speakers, String words) throws IOException {
    SortedMap<String, String> before = Frames.contents(temp);
    IOException refusal = assertThrows(IOException.class, () -> read(path, speakers));
    assertEquals(path + ": " + words, refusal.getMessage());
    assertEquals(before, Frames.contents(temp));
    assertFalse(Files.exists(storeFolder));
  }

  private void assertRefused(Path path, String words) throws IOException {
    assertRefused(path, SpeakerNames.one("anna"), words);
  }

  private void experiment() throws IOException {
    entries.put("anna/0_gt_wavs/0_0.wav", new byte[50]);
    entries.put("anna/2a_f0/0_0.wav.npy", "no matrix".getBytes());
    entries.put("anna/2b-f0nsf/0_0.wav.npy", "no matrix".getBytes());
    entries.put("anna/3_feature256/0_0.npy", clip(1, 30));
    entries.put("anna/3_feature256/10_0.npy", clip(2, 20));
    entries.put("anna/added_IVF2_Flat_nprobe_1_anna_v1.index", index);
    entries.put("anna/trained_IVF2_Flat_nprobe_1_anna_v1.index", index);
    entries.put("anna/total_fea.npy", clip(3, 50));
  }

  @Test
  void ofAnExperimentTheClipsAreTakenBeforeTheMatrixBeforeTheIndex() throws IOException {
    for (boolean packed : new boolean[] {true, false}) {
      experiment();
      for (String removed : List.of("", "3_feature", "total_fea")) {
        entries.keySet().removeIf(name -> !removed.isEmpty() && name.contains(removed));
        storeFolder = temp.resolve("store" + packed + removed);
        Path logs = temp.resolve("in/logs");
        org.apache.lucene.util.IOUtils.rm(logs);
        ImportSummary read = read(packed ? zip() : folder().resolve("anna"));
        AddSummary added = read.added().getFirst();
        switch (removed) {
          case "" -> {
            assertEquals("anna/3_feature256", read.taken());
            assertEquals(
                List.of("anna/total_fea.npy", "anna/added_IVF2_Flat_nprobe_1_anna_v1.index"),
                read.left());
            assertEquals(new AddSummary("anna", 2, 0, 50, DIMS, 50), added);
            assertFound("10_0", 7, Frames.speech(2, 20, DIMS)[7]);
          }
          case "3_feature" -> {
            assertEquals("anna/total_fea.npy", read.taken());
            assertEquals(new AddSummary("anna", 1, 0, 50, DIMS, 50), added);
            assertFound("total_fea", 41, Frames.speech(3, 50, DIMS)[41]);
          }
          default -> {
            assertEquals("anna/added_IVF2_Flat_nprobe_1_anna_v1.index", read.taken());
            assertEquals(List.of(), read.left());
            assertEquals("IwFl", read.kind());
            assertEquals(new AddSummary("anna", 1, 0, 96, DIMS, 96), added);
          }
        }
      }
    }
  }

  private void assertFound(String clip, int frame, float[] vector) throws IOException {
    try (VoiceStore store = VoiceStore.open(storeFolder);
        FrameSearcher searcher = store.searcher(SearchSettings.DEFAULT.withK(1))) {
      Neighbour found = searcher.search(vector).getFirst();
      assertEquals(clip, found.clip());
      assertEquals(frame, found.frame());
      assertEquals(0, found.distance());
    }
  }

  @Test
  void aMatrixAloneIsOneClip() throws IOException {
    Path matrix = Files.write(temp.resolve("in/total_fea.npy"), clip(3, 50));
    assertEquals(1, read(matrix).added().getFirst().clips());
    assertFound("total_fea", 41, Frames.speech(3, 50, DIMS)[41]);
  }

  @Test
  void theZipThatCirculatesHasAModelAndAnIndex() throws IOException {
    entries.put("Anna.pth", new byte[5000]);
    entries.put("__MACOSX/._added_anna_v1.index", new byte[100]);
    entries.put("added_anna_v1.index", index);
    entries.put("trained_anna_v1.index", new byte[1]);
    ImportSummary read = read(zip());
    assertEquals("added_anna_v1.index", read.taken());
    assertEquals(96, read.added().getFirst().frames());
    assertTrue(read.exact());
    assertEquals(0, read.trailingBytes());
  }

  @Test
  void clipsOfApplioGoToTheirSpeakers() throws IOException {
    entries.put("duo/extracted/0_0_0.npy", clip(1, 30));
    entries.put("duo/extracted/0_1_0.npy", clip(2, 31));
    entries.put("duo/extracted/12_0_0.npy", clip(3, 32));
    entries.put("duo/duo.index", index);
    Path folder = folder();
    assertRefused(
        folder, "clips of 2 speakers; name each of [0, 12] with import's --speaker-number N=NAME");
    assertRefused(
        folder,
        SpeakerNames.numbered(Map.of(0, "anna")),
        "clips of speaker number 12 too; name each of [0, 12] with import's --speaker-number"
            + " N=NAME");
    assertRefused(
        folder,
        SpeakerNames.numbered(Map.of(0, "anna", 12, "ben", 3, "cid")),
        "no clips of speaker number 3; name each of [0, 12] with import's --speaker-number N=NAME");
    Path extracted = folder.resolve("duo/extracted");
    assertEquals(
        extracted
            + ": clips of 2 speakers; name each of [0, 12] with import's --speaker-number N=NAME",
        assertThrows(StoreException.class, () -> Clip.inFolder(extracted)).getMessage());
    ImportSummary read = read(folder, SpeakerNames.numbered(Map.of(0, "anna", 12, "ben")));
    assertEquals(
        List.of(
            new AddSummary("anna", 2, 0, 61, DIMS, 93), new AddSummary("ben", 1, 0, 32, DIMS, 93)),
        read.added());
    assertFound("12_0_0", 5, Frames.speech(3, 32, DIMS)[5]);
    storeFolder = temp.resolve("in/one");
    entries.remove("duo/extracted/12_0_0.npy");
    assertEquals(2, read(zip()).added().getFirst().clips());
    storeFolder = temp.resolve("in/none");
    Path indexOnly = INDEXES.resolve("ivf_flat.index");
    assertRefused(
        indexOnly,
        SpeakerNames.numbered(Map.of(0, "anna")),
        "ivf_flat.index does not begin with a speaker's number, as 0_12_3.npy does; give one name"
            + " with --speaker");
  }

  @Test
  void importedVoicesAreRecordedAndGiveWayAtOnce() throws IOException {
    entries.put("duo/extracted/0_0_0.npy", clip(1, 30));
    entries.put("duo/extracted/0_1_0.npy", clip(2, 31));
    entries.put("duo/extracted/1_0_0.npy", clip(3, 32));
    Path folder = folder();
    SpeakerNames names = SpeakerNames.numbered(Map.of(0, "anna", 1, "ben"));
    Path other = INDEXES.resolve("ivf_flat.index");
    VoiceImport spin = new VoiceImport(other, SpeakerNames.one("anna"), Optional.of("spin"));
    try (VoiceStore store = VoiceStore.openOrCreate(storeFolder)) {
      store.importVoice(
          new VoiceImport(folder, names, Optional.of("contentvec")),
          ExistingClips.REFUSE,
          Progress.NONE);
      assertEquals(2, store.speakers().size());
      for (VoiceRecord voice : store.speakers()) {
        assertEquals(DIMS, voice.dims());
        assertEquals(Optional.of("contentvec"), voice.embedder());
        assertEquals(folder.toString(), voice.source());
      }
      StoreException refusal =
          assertThrows(
              StoreException.class,
              () -> store.importVoice(spin, ExistingClips.REPLACE, Progress.NONE));
      assertEquals(
          other
              + ": made by spin, but the voice \"anna\" (8 dims, contentvec) by contentvec; add it"
              + " under another name, or replace the voice",
          refusal.getMessage());
      assertEquals(93, store.info().frames());
      assertEquals(
          List.of(new AddSummary("anna", 1, 2, 96, DIMS, 128)),
          store.importVoice(spin, ExistingClips.REPLACE_ALL, Progress.NONE).added());
      assertEquals(List.of("ivf_flat"), store.clips("anna"));
      assertEquals(Optional.of("spin"), store.speakers().getFirst().embedder());
      assertEquals(List.of(), store.check(Progress.NONE));
    }
    assertTrue(
        assertThrows(
                IllegalArgumentException.class,
                () -> new VoiceImport(other, names, Optional.of("no name")))
            .getMessage()
            .startsWith("an embedder's name has 1 to 100 letters"));
  }

  @Test
  void whatCouldMeanSeveralVoicesIsRefused() throws IOException {
    entries.put("a/3_feature256/0_0.npy", clip(1, 30));
    entries.put("b/3_feature768/0_0.npy", clip(2, 30));
    assertRefused(
        zip(),
        "2 that could be meant (a/3_feature256, b/3_feature768); unpack what is packed, and import"
            + " one of them");
    entries.clear();
    entries.put("a.index", index);
    entries.put("b.index", index);
    assertRefused(
        zip(),
        "2 that could be meant (a.index, b.index); unpack what is packed, and import one of them");
  }

  @Test
  void archivesWithoutAVoiceSayWhatTheyHold() throws IOException {
    String nothing = "no folder of clips, no total_fea.npy and no .index in it";
    entries.put("anna.pth", new byte[10]);
    assertRefused(
        zip(),
        nothing + "; a .pth is the voice's model, get the index or the features that belong to it");
    entries.put("trained_IVF2.index", index);
    assertRefused(zip(), nothing + "; a trained_ index holds no vectors, get the added_ one");
    Path inner = temp.resolve("in/inner.zip");
    Files.copy(zip(), inner);
    entries.put("inner.zip", Files.readAllBytes(inner));
    assertRefused(
        zip(), nothing + "; archives inside are not opened, unpack inner.zip and import that");
  }

  @Test
  void namesInArchivesAreNoPaths() throws IOException {
    entries.put("../../3_feature256/evil.npy", clip(1, 30));
    entries.put("/etc/ivfpq.pth", new byte[3]);
    SortedMap<String, String> before = Frames.contents(temp);
    Path archive = zip();
    assertEquals("../../3_feature256", read(archive).taken());
    assertFound("evil", 3, Frames.speech(1, 30, DIMS)[3]);
    SortedMap<String, String> after = Frames.contents(temp);
    after.keySet().removeIf(name -> name.startsWith("in/store") || name.equals("in/voice.zip"));
    assertEquals(before, after);
    assertFalse(Files.exists(Path.of("/etc/ivfpq.pth")));
    entries.clear();
    storeFolder = temp.resolve("in/other");
    entries.put("anna\\3_feature256\\0_0.npy", clip(1, 30));
    assertEquals("anna/3_feature256", read(zip()).taken());
  }

  @Test
  void namesNeedNotBeUnicode() throws IOException {
    entries.put("\u97f3/3_feature256/0_0.npy", clip(1, 30));
    ImportSummary read = read(zip(Charset.forName("GBK")));
    assertEquals(30, read.added().getFirst().frames());
    assertFound("0_0", 3, Frames.speech(1, 30, DIMS)[3]);
  }

  @Test
  void entriesAreCheckedAsFilesAre() throws IOException {
    entries.put("anna.index", "version https://git-lfs.github.com/spec/v1\nsize 77\n".getBytes());
    assertRefused(
        zip(),
        "anna.index: a Git LFS pointer, not the file of 77 bytes; fetch it with: git lfs pull");
    entries.put("anna.index", Arrays.copyOf(index, 2000));
    IOException cut = assertThrows(IOException.class, () -> read(zip()));
    assertTrue(
        cut.getMessage().startsWith(temp.resolve("in/voice.zip") + ": anna.index: at byte "),
        cut::getMessage);
    assertTrue(cut.getMessage().contains("truncated"), cut::getMessage);
    entries.clear();
    byte[] clip = clip(1, 30);
    entries.put("total_fea.npy", Arrays.copyOf(clip, clip.length - 5));
    assertTrue(
        assertThrows(IOException.class, () -> read(zip()))
            .getMessage()
            .startsWith(
                temp.resolve("in/voice.zip")
                    + ": total_fea.npy, offset "
                    + (clip.length - 5)
                    + ": the file ends here"));
    entries.put("total_fea.npy", "version https://git-lfs.github.com/spec/v1\n".getBytes());
    assertRefused(
        zip(),
        "total_fea.npy, offset 0: not a .npy file but perhaps a Git LFS pointer; fetch the real"
            + " file with git lfs pull");
  }

  /** What a link holds is the path of its target: no matrix, and never followed. */
  @Test
  void linksAreNotFollowed() throws IOException {
    Path target = Files.write(temp.resolve("in/target.index"), index);
    entries.put("link.index", target.toString().getBytes());
    byte[] bytes = Files.readAllBytes(zip());
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int central = indexOf(bytes, 0x02014b50);
    // Made on Unix, mode lrwxrwxrwx.
    buffer.put(central + 5, (byte) 3).putInt(central + 38, 0120777 << 16);
    Path archive = Files.write(temp.resolve("in/voice.zip"), bytes);
    assertRefused(archive, "link.index: text, not an index (a failed download?); get it again");
  }

  @Test
  void twoOfOneNameAreRefused() throws IOException {
    entries.put("a.index", index);
    entries.put("b.index", index);
    byte[] bytes = Files.readAllBytes(zip());
    for (int i = 0; i + 7 <= bytes.length; i++) {
      if (new String(bytes, i, 7, StandardCharsets.ISO_8859_1).equals("b.index")) {
        bytes[i] = 'a';
      }
    }
    Path archive = Files.write(temp.resolve("in/voice.zip"), bytes);
    assertRefused(
        archive,
        "a.index: there are two of this name, which of them is meant cannot be told; pack it"
            + " again");
  }

  @Test
  void whatBecomesTooMuchIsRefusedBeforeItIs() throws IOException {
    entries.put("bomb.index", new byte[64 << 20]);
    Path archive = zip();
    assertTrue(Files.size(archive) < 100_000);
    assertRefused(
        archive,
        "bomb.index: becomes more than 100 times its packed size, as no voice does; do not trust"
            + " this archive");
    // The table of contents says that it is small, packed or not.
    byte[] bytes = Files.readAllBytes(archive);
    int central = indexOf(bytes, 0x02014b50);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(central + 24, 1000);
    Files.write(archive, bytes);
    IOException refusal = assertThrows(IOException.class, () -> read(archive));
    assertTrue(refusal.getMessage().startsWith(archive + ": bomb.index: "), refusal::getMessage);
  }

  /** Many that are harmless alone are not together: entries may share their packed bytes. */
  @Test
  void whatBecomesTooMuchTogetherIsRefused() throws IOException {
    for (int i = 0; i < 40; i++) {
      float[][] zeros = new float[25_000][DIMS];
      NpyBytes.write(temp.resolve("zeros.npy"), zeros);
      entries.put("3_feature256/" + i + ".npy", Files.readAllBytes(temp.resolve("zeros.npy")));
    }
    Path archive = zip();
    IOException refusal = assertThrows(IOException.class, () -> read(archive));
    assertTrue(
        refusal.getMessage().contains("becomes more than 100 times its packed size"),
        refusal::getMessage);
    assertFalse(Files.exists(storeFolder));
  }

  @Test
  void cutAndDamagedArchivesAreRefused() throws IOException {
    entries.put("anna.index", index);
    byte[] bytes = Files.readAllBytes(zip());
    Path archive = temp.resolve("in/voice.zip");
    for (int length = 4; length < bytes.length; length += 1 + length / 20) {
      Files.write(archive, Arrays.copyOf(bytes, length));
      assertRefused(
          archive, "truncated, the table of contents at a zip file's end is missing; get it again");
    }
    bytes[200] ^= 1;
    Files.write(archive, bytes);
    IOException refusal = assertThrows(IOException.class, () -> read(archive));
    assertTrue(refusal.getMessage().startsWith(archive + ": anna.index: "), refusal::getMessage);
    assertTrue(refusal.getMessage().endsWith("; get the archive again"), refusal::getMessage);
    // A page or a pointer under the name of an archive.
    Files.writeString(archive, "version https://git-lfs.github.com/spec/v1\nsize 99\n");
    assertRefused(
        archive, "a Git LFS pointer, not the file of 99 bytes; fetch it with: git lfs pull");
  }

  /** Any byte of an archive changed: a sentence, or the very same voice. */
  @Test
  void damagedBytesDoNoHarm() throws IOException {
    entries.put("anna/total_fea.npy", clip(1, 40));
    byte[] whole = Files.readAllBytes(zip());
    long seed = Long.getLong("tests.fuzz.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Path archive = temp.resolve("in/voice.zip");
    for (int i = 0; i < 500; i++) {
      byte[] bytes = whole.clone();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        // The head and the table of contents more often than the data.
        int at = random.nextInt(120);
        bytes[random.nextBoolean() ? at : bytes.length - 1 - at] = (byte) random.nextInt(256);
      }
      Files.write(archive, bytes);
      try (VoiceMaterial material = VoiceMaterial.open(archive)) {
        var frames = material.check(material.files().names(), Optional.empty(), Progress.NONE);
        float[][] expected = Frames.speech(1, 40, DIMS);
        frames.getFirst().forEach((number, vector) -> assertEquals(expected[number][0], vector[0]));
      } catch (IOException e) {
        assertTrue(
            String.valueOf(e.getMessage()).startsWith(archive.toString()),
            () -> "seed " + seed + ": " + Arrays.toString(e.getStackTrace()));
      }
    }
  }

  private static int indexOf(byte[] bytes, int magic) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int at = bytes.length - 4;
    while (buffer.getInt(at) != magic) {
      at--;
    }
    return at;
  }
}
