// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.speakers;

import dev.ivfpq.bench.speech.Voices;
import dev.ivfpq.rvc.Clip;
import dev.ivfpq.rvc.npy.NpyReader;
import dev.ivfpq.rvc.npy.NpyWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Generated speakers, one clip each, in files named as Applio names them. */
final class SpeakerFiles {
  private final Path folder;
  private final Voices voices;
  private final int dims;

  /**
   * @param folder is made if missing
   */
  SpeakerFiles(Path folder, SpeakersPlan plan) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.voices = new Voices(plan.seed(), plan.dims());
    this.dims = plan.dims();
  }

  /** Writes the frames of a speaker. */
  Clip write(int speaker, int frames) throws IOException {
    Path file = folder.resolve(speaker + "_0_0.npy");
    try (NpyWriter out = NpyWriter.create(file, frames, dims)) {
      voices.write(speaker, frames, out);
      out.finish();
    }
    return Clip.of(file);
  }

  /** The frames in a file. */
  static float[][] read(Clip clip) throws IOException {
    try (NpyReader reader = NpyReader.open(clip.file())) {
      return reader.readAll();
    }
  }

  /** What a speaker is called in the store. */
  static String name(int speaker) {
    return "speaker " + speaker;
  }
}
