// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.npy;

import java.io.IOException;

/** A {@code .npy} file that is not what it should be; the message names the file and the place. */
public final class NpyException extends IOException {
  private static final long serialVersionUID = 1L;

  private NpyException(String message) {
    super(message);
  }

  /** The problem concerns the byte at {@code offset} of {@code file}. */
  static NpyException atOffset(String file, long offset, String problem) {
    return new NpyException(file + ", offset " + offset + ": " + problem);
  }

  /** The problem concerns the value in row {@code row} and column {@code column} of the matrix. */
  static NpyException atValue(String file, long row, long column, String problem) {
    return new NpyException(file + ", row " + row + ", column " + column + ": " + problem);
  }

  /** The problem concerns {@code file} as a whole. */
  static NpyException inFile(String file, String problem) {
    return new NpyException(file + ": " + problem);
  }
}
