// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import dev.ivfpq.rvc.file.ByteSource;
import dev.ivfpq.rvc.npy.NpyReader;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Where a clip comes from.
 *
 * @param name the clip's
 * @param file that holds it, or the archive that does
 * @param where the same to the letter, for messages
 * @param opener gives the bytes of its {@code .npy} file, every time
 */
record ClipBytes(String name, Path file, String where, Opener opener) {
  /** Opens the same bytes whenever it is asked. */
  @FunctionalInterface
  interface Opener {
    ByteSource open() throws IOException;
  }

  static ClipBytes of(Clip clip) {
    return new ClipBytes(
        clip.name(), clip.file(), clip.file().toString(), () -> ByteSource.open(clip.file()));
  }

  NpyReader read() throws IOException {
    return NpyReader.of(opener.open());
  }
}
