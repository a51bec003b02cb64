// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import dev.ivfpq.rvc.npy.NpyReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A clip whose file was read to its end and found in order.
 *
 * @param clip the clip
 * @param frames number of its frames
 * @param dims their dimension
 */
record CheckedClip(ClipBytes clip, int frames, int dims) implements CheckedFrames {
  /** Rows read at a time. */
  private static final int ROWS = 512;

  /**
   * Checks all clips, headers first, so that most mistakes are told at once.
   *
   * @param voice the speaker's voice if there is one that stays
   * @throws IOException naming the first file that cannot be added and why
   */
  static List<CheckedClip> check(
      List<ClipBytes> clips, Optional<VoiceRecord> voice, Progress progress) throws IOException {
    checkNames(clips);
    List<CheckedClip> checked = new ArrayList<>();
    long frames = 0;
    for (ClipBytes clip : clips) {
      try (NpyReader reader = clip.read()) {
        checked.add(new CheckedClip(clip, reader.rows(), reader.dims()));
      }
      checkDims(checked, voice);
      frames += checked.getLast().frames();
    }
    progress.begin("checking", frames);
    for (CheckedClip clip : checked) {
      try (NpyReader reader = clip.open()) {
        reader.verify();
      }
      progress.advance(clip.frames());
    }
    return checked;
  }

  private static void checkNames(List<ClipBytes> clips) throws StoreException {
    Map<String, ClipBytes> byName = new HashMap<>();
    for (ClipBytes clip : clips) {
      ClipBytes other = byName.put(clip.name(), clip);
      if (other != null) {
        throw new StoreException(
            clip.where()
                + " and "
                + other.where()
                + " would both be clip \""
                + clip.name()
                + "\" of one speaker; rename one of the files");
      }
    }
  }

  private static void checkDims(List<CheckedClip> checked, Optional<VoiceRecord> voice)
      throws StoreException {
    CheckedClip first = checked.getFirst();
    CheckedClip last = checked.getLast();
    last.checkDims(voice);
    if (first.dims() != last.dims()) {
      throw new StoreException(
          last.clip().where()
              + ": "
              + last.dims()
              + " dims, but "
              + first.clip().where()
              + " has "
              + first.dims()
              + "; a voice has one dimension (RVC v1 has 256 dims, v2 768)");
    }
  }

  @Override
  public String name() {
    return clip.name();
  }

  @Override
  public Path file() {
    return clip.file();
  }

  @Override
  public void forEach(FrameVisitor visitor) throws IOException {
    int block = Math.min(ROWS, frames);
    float[] rows = new float[block * dims];
    float[] frame = new float[dims];
    try (NpyReader reader = open()) {
      for (int first = 0; first < frames; first += block) {
        int count = Math.min(block, frames - first);
        reader.read(first, count, rows);
        for (int i = 0; i < count; i++) {
          System.arraycopy(rows, i * dims, frame, 0, dims);
          visitor.frame(first + i, frame);
        }
      }
    }
  }

  /**
   * Opens the file again.
   *
   * @throws StoreException if its shape has changed
   */
  private NpyReader open() throws IOException {
    NpyReader reader = clip.read();
    if (reader.rows() != frames || reader.dims() != dims) {
      reader.close();
      throw new StoreException(clip.where() + ": changed while it was read; add it again");
    }
    return reader;
  }
}
