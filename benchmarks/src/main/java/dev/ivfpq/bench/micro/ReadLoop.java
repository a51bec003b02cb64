// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.micro;

import java.io.IOException;
import org.apache.lucene.store.IndexInput;

/** Reads the codes of blocks and does next to nothing with them: how fast a scan could be. */
public interface ReadLoop {

  /**
   * Exclusive-or of all 8-byte words of the codes, little-endian; terms are passed over, as {@link
   * dev.ivfpq.kernel.BlockScanner#sums} does.
   */
  long xor(int firstBlock, int count);

  /** A loop with vectors of so many bits: 256 or 512. */
  static ReadLoop of(int bits, IndexInput blocks, int M) throws IOException {
    // By name, because those classes need Java 24 and the vector module.
    String name = "dev.ivfpq.bench.micro.panama.ReadLoop" + bits;
    try {
      return (ReadLoop)
          Class.forName(name)
              .getDeclaredConstructor(IndexInput.class, int.class)
              .newInstance(blocks, M);
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new IOException("bits=" + bits + ": " + name + " cannot be loaded here: " + e, e);
    }
  }
}
