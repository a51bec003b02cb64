// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.faiss;

/** A code of which each vector has bytes of its own. */
interface SeparateCode extends RowCode {
  /** Bytes of one vector. */
  int bytes();

  @Override
  default int group() {
    return 256;
  }

  @Override
  default long bytes(long vectors) {
    return vectors * bytes();
  }
}
