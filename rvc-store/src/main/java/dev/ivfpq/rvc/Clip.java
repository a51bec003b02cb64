// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * One recorded piece of a voice: the features of one {@code .npy} file.
 *
 * @param name the file's name without {@code .npy}, which is also the name of RVC's sound file
 * @param file where the features are
 */
public record Clip(String name, Path file) {
  private static final String SUFFIX = ".npy";

  /** The byte order of the whole file name, which is the order of Python's {@code sorted}. */
  static final Comparator<String> NAME_ORDER =
      Comparator.comparing(name -> name.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

  /** The clip in a file. */
  public static Clip of(Path file) {
    return new Clip(nameOf(file.getFileName().toString()), file);
  }

  /** The name of the clip in a file of this name. */
  static String nameOf(String file) {
    return file.endsWith(SUFFIX) ? file.substring(0, file.length() - SUFFIX.length()) : file;
  }

  /**
   * The clips of a folder, in RVC's order. Other files and sub-folders are left out.
   *
   * @throws StoreException if {@code folder} is missing, no folder, without any {@code .npy}, or
   *     one of Applio's with clips of several speakers
   * @throws IOException if it cannot be listed
   */
  public static List<Clip> inFolder(Path folder) throws IOException {
    if (Files.notExists(folder)) {
      throw new StoreException(folder + ": no such folder; name a folder of .npy files");
    }
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (entry.getFileName().toString().endsWith(SUFFIX) && !Files.isDirectory(entry)) {
          files.add(entry);
        }
      }
    } catch (NotDirectoryException e) {
      throw new StoreException(folder + ": not a folder; name the folder that holds it", e);
    }
    if (files.isEmpty()) {
      throw new StoreException(
          folder
              + ": no .npy files in this folder; RVC v1 keeps them in 3_feature256, v2 in"
              + " 3_feature768, Applio in extracted");
    }
    List<String> names = files.stream().map(file -> file.getFileName().toString()).toList();
    VoiceFiles found =
        new VoiceFiles(
            VoiceFiles.Kind.CLIPS, names, folder.toRealPath().getFileName() + "", List.of());
    SpeakerNames.one("anyone").divide(found, folder);
    files.sort(Comparator.comparing(file -> file.getFileName().toString(), NAME_ORDER));
    return files.stream().map(Clip::of).toList();
  }

  /**
   * Files as they are, and those of the clips in folders.
   *
   * @throws IOException as {@link #inFolder}
   */
  public static List<Path> files(List<Path> filesAndFolders) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path path : filesAndFolders) {
      if (Files.isDirectory(path)) {
        inFolder(path).forEach(clip -> files.add(clip.file()));
      } else {
        files.add(path);
      }
    }
    return files;
  }
}
