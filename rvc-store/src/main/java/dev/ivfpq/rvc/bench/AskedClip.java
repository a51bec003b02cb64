// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.bench;

import dev.ivfpq.rvc.Clip;
import dev.ivfpq.rvc.ClipId;
import dev.ivfpq.rvc.StoreException;
import dev.ivfpq.rvc.VoiceRecord;
import dev.ivfpq.rvc.VoiceStore;
import dev.ivfpq.rvc.npy.NpyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A clip whose frames ask.
 *
 * @param heldOut the clip of the store that it is, if it is one
 * @param frames (T, dims), T at least 1
 */
record AskedClip(Optional<ClipId> heldOut, float[][] frames) {
  /** Clips of a voice that are held out, all over it. */
  private static final int MAX_HELD_OUT = 20;

  /** The clips in files and folders. */
  static List<AskedClip> given(List<Path> paths, VoiceRecord voice) throws IOException {
    List<AskedClip> clips = new ArrayList<>();
    for (Path path : paths) {
      List<Clip> files = Files.isDirectory(path) ? Clip.inFolder(path) : List.of(Clip.of(path));
      for (Clip clip : files) {
        try (NpyReader reader = NpyReader.open(clip.file())) {
          if (reader.dims() != voice.dims()) {
            throw new StoreException(
                clip.file()
                    + ": "
                    + reader.dims()
                    + " dims, but the voice \""
                    + voice.speaker()
                    + "\" has "
                    + voice.dims()
                    + "; extract it as the voice was (RVC v1 has 256 dims, v2 768)");
          }
          clips.add(new AskedClip(Optional.empty(), reader.readAll()));
        }
      }
    }
    return clips;
  }

  /** Clips of a voice itself. */
  static List<AskedClip> ofVoice(VoiceStore store, VoiceRecord voice) throws IOException {
    List<String> names = store.clips(voice.speaker());
    if (names.size() < 2) {
      throw new StoreException(
          store.folder()
              + ": the voice \""
              + voice.speaker()
              + "\" is one clip, of which none can be held out; name .npy files to ask with");
    }
    List<AskedClip> clips = new ArrayList<>();
    int count = Math.min(names.size(), MAX_HELD_OUT);
    for (int i = 0; i < count; i++) {
      ClipId clip = new ClipId(voice.speaker(), names.get((int) ((long) i * names.size() / count)));
      clips.add(new AskedClip(Optional.of(clip), store.frames(clip)));
    }
    return clips;
  }

  /** The number of blocks in it: what remains at its end is none. */
  int blocks(int block) {
    return frames.length / block;
  }
}
