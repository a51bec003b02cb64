// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.voices;

import dev.ivfpq.rvc.Clip;
import dev.ivfpq.rvc.ExistingClips;
import dev.ivfpq.rvc.Progress;
import dev.ivfpq.rvc.Voice;
import dev.ivfpq.rvc.VoiceStore;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.lucene.util.IOUtils;

/**
 * A store of one voice.
 *
 * @param seconds it took to add it, on all processors
 */
record BuiltStore(VoiceStore store, double seconds) implements Closeable {
  /**
   * Builds it.
   *
   * @param folder is made
   * @param base the voice, a {@code .npy} file
   */
  static BuiltStore build(Path folder, Path base) throws IOException {
    VoiceStore store = VoiceStore.openOrCreate(folder);
    try {
      Voice voice = new Voice(StoreContender.VOICE, List.of(Clip.of(base)));
      long start = System.nanoTime();
      store.add(voice, ExistingClips.REFUSE, Progress.NONE);
      return new BuiltStore(store, (System.nanoTime() - start) / 1e9);
    } catch (Throwable t) {
      IOUtils.closeWhileHandlingException(store);
      throw t;
    }
  }

  @Override
  public void close() throws IOException {
    store.close();
  }
}
