// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import dev.ivfpq.rvc.npy.NpyBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Voices for tests, kept in memory to compare with. */
public final class VoicesOnDisk {
  private VoicesOnDisk() {}

  /** Clips of random walks, named c0, c1 and so on. */
  public static SortedMap<String, float[][]> clips(long seed, int count, int frames, int dims) {
    SortedMap<String, float[][]> clips = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      clips.put("c" + i, Frames.speech(seed * 100 + i, frames, dims));
    }
    return clips;
  }

  /** Adds a voice. */
  public static void add(VoiceStore store, Path temp, String speaker, Map<String, float[][]> clips)
      throws IOException {
    Path folder = Files.createTempDirectory(temp, "clips");
    for (Map.Entry<String, float[][]> clip : clips.entrySet()) {
      NpyBytes.write(folder.resolve(clip.getKey() + ".npy"), clip.getValue());
    }
    store.add(
        new Voice(speaker, Clip.inFolder(folder), Optional.empty()),
        ExistingClips.REFUSE,
        Progress.NONE);
  }
}
