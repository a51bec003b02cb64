// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import dev.ivfpq.rvc.faiss.FaissIndexFile;
import dev.ivfpq.rvc.file.ByteSource;
import dev.ivfpq.rvc.file.ZipArchive;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.lucene.util.IOUtils;

/** What a user has of a voice: a folder, an archive, a matrix or an index. */
final class VoiceMaterial implements Closeable {
  /** {@code logs/<exp>/3_feature768/0_0.npy}, from {@code logs}. */
  private static final int DEPTH = 3;

  private static final int NPY_MAGIC = 0x934e554d;

  private final Path path;
  private final VoiceFiles files;
  private final ZipArchive zip;
  private FaissIndexFile index;

  private VoiceMaterial(Path path, VoiceFiles files, ZipArchive zip) {
    this.path = path;
    this.files = files;
    this.zip = zip;
  }

  /**
   * Looks what there is.
   *
   * @throws StoreException if that is no voice, or more than one
   * @throws IOException if it cannot be read
   */
  static VoiceMaterial open(Path path) throws IOException {
    if (Files.notExists(path)) {
      throw new NoSuchFileException(path.toString());
    }
    if (Files.isDirectory(path)) {
      return new VoiceMaterial(path, VoiceFiles.choose(inFolder(path), path), null);
    }
    if (ZipArchive.isZip(path)) {
      ZipArchive zip = ZipArchive.open(path);
      try {
        return new VoiceMaterial(path, VoiceFiles.choose(zip.names(), path), zip);
      } catch (Throwable t) {
        zip.close();
        throw t;
      }
    }
    VoiceFiles.Kind kind = isNpy(path) ? VoiceFiles.Kind.MATRIX : VoiceFiles.Kind.INDEX;
    String name = path.getFileName().toString();
    return new VoiceMaterial(path, new VoiceFiles(kind, List.of(name), "", List.of()), null);
  }

  private static boolean isNpy(Path file) throws IOException {
    try (ByteSource bytes = ByteSource.open(file)) {
      ByteBuffer magic = ByteBuffer.allocate(Integer.BYTES);
      if (bytes.size() < magic.capacity()) {
        return false;
      }
      bytes.read(magic, 0);
      return magic.getInt(0) == NPY_MAGIC;
    }
  }

  /** The files of a folder and those below, from the folder's own name on. */
  private static List<String> inFolder(Path folder) throws IOException {
    Path real = folder.toRealPath();
    Path root = real.getParent() == null ? real : real.getParent();
    List<String> names = new ArrayList<>();
    try (Stream<Path> all =
        Files.find(
            real,
            DEPTH,
            (file, attributes) -> attributes.isRegularFile(),
            EnumSet.of(FileVisitOption.FOLLOW_LINKS).toArray(FileVisitOption[]::new))) {
      for (Path file : (Iterable<Path>) all::iterator) {
        names.add(root.relativize(file).toString().replace('\\', '/'));
      }
    }
    return names;
  }

  /** Which of it is the voice. */
  VoiceFiles files() {
    return files;
  }

  /**
   * Reads some of its files, once.
   *
   * @param names of one speaker's
   * @param voice the speaker's voice if there is one that stays
   * @throws IOException if one is damaged, or has other dims than that voice
   */
  List<? extends CheckedFrames> check(
      List<String> names, Optional<VoiceRecord> voice, Progress progress) throws IOException {
    if (files.kind() == VoiceFiles.Kind.INDEX) {
      progress.begin("checking", Progress.UNKNOWN);
      String name = names.getFirst();
      index = FaissIndexFile.of(bytes(name));
      IndexFrames frames = new IndexFrames(index, file(name), VoiceFiles.last(name));
      frames.checkDims(voice);
      return List.of(frames);
    }
    List<ClipBytes> clips = new ArrayList<>();
    for (String name : names) {
      String clip = Clip.nameOf(VoiceFiles.last(name));
      clips.add(new ClipBytes(clip, file(name), where(name), () -> bytes(name)));
    }
    return CheckedClip.check(clips, voice, progress);
  }

  /** What was done with it. */
  ImportSummary summary(List<AddSummary> added) {
    return index == null
        ? new ImportSummary(added, files.taken(), files.left(), "npy", true, false, 0)
        : new ImportSummary(
            added,
            files.taken(),
            files.left(),
            index.kind(),
            index.exact(),
            index.byInnerProduct(),
            index.trailingBytes());
  }

  private ByteSource bytes(String name) throws IOException {
    return zip == null ? ByteSource.open(file(name)) : zip.entry(name);
  }

  /** Names in archives say nothing about files. */
  private Path file(String name) throws IOException {
    if (zip != null || !Files.isDirectory(path)) {
      return path;
    }
    Path real = path.toRealPath();
    Path root = real.getParent() == null ? real : real.getParent();
    return path.resolve(real.relativize(root.resolve(name)));
  }

  private String where(String name) throws IOException {
    return zip == null ? file(name).toString() : path + ": " + name.replaceAll("\\p{Cntrl}", "?");
  }

  @Override
  public void close() throws IOException {
    IOUtils.close(index, zip);
  }
}
