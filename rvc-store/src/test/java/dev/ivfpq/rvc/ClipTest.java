// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClipTest {
  @TempDir Path folder;

  private String refusal(Path path) {
    return assertThrows(StoreException.class, () -> Clip.inFolder(path)).getMessage();
  }

  @Test
  void testClipsComeInTheByteOrderOfTheWholeName() throws IOException {
    // UTF-16 would put the last before the one before it, and without .npy a would come before a-b.
    List<String> names =
        List.of("10_0", "2_0", "A", "a-b", "a", "\u00fc", "\ufffd", "\ud83d\ude00");
    for (String name : names.reversed()) {
      Files.createFile(folder.resolve(name + ".npy"));
    }
    assertEquals(names, Clip.inFolder(folder).stream().map(Clip::name).toList());
  }

  @Test
  void testOtherFilesAndFoldersAreLeftOut() throws IOException {
    Files.createFile(folder.resolve("0_0.npy"));
    Files.createFile(folder.resolve("0_0.wav"));
    Files.createFile(folder.resolve("npy"));
    Files.createDirectory(folder.resolve("sub.npy"));
    assertEquals(List.of(new Clip("0_0", folder.resolve("0_0.npy"))), Clip.inFolder(folder));
  }

  @Test
  void testFoldersWithoutClipsAreRefused() throws IOException {
    assertTrue(refusal(folder).startsWith(folder + ": no .npy files in this folder; RVC v1"));
    Path missing = folder.resolve("missing");
    assertEquals(missing + ": no such folder; name a folder of .npy files", refusal(missing));
    Path file = Files.createFile(folder.resolve("0_0.npy"));
    assertEquals(file + ": not a folder; name the folder that holds it", refusal(file));
  }
}
