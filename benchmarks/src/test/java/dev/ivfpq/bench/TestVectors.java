// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Small sets in files, and what a command says of them. */
final class TestVectors {
  private TestVectors() {}

  /** An .fbin file of runs of vectors, each run around a centre of its own. */
  static Path speakers(Path file, int n, int d, int speakers, long seed) throws IOException {
    Random random = new Random(seed);
    ByteBuffer bytes = ByteBuffer.allocate(8 + n * d * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(n).putInt(d);
    float[] centre = new float[d];
    for (int i = 0; i < n; i++) {
      if (i == 0 || (long) i * speakers / n != (long) (i - 1) * speakers / n) {
        for (int j = 0; j < d; j++) {
          centre[j] = (float) random.nextGaussian();
        }
      }
      for (int j = 0; j < d; j++) {
        bytes.putFloat(centre[j] + (float) random.nextGaussian());
      }
    }
    return Files.write(file, bytes.array());
  }

  /** The last line that a command says on stderr; the exit code is checked. */
  static String lastWords(int code, String... args) {
    PrintStream before = System.err;
    ByteArrayOutputStream heard = new ByteArrayOutputStream();
    System.setErr(new PrintStream(heard, true, StandardCharsets.UTF_8));
    int got;
    try {
      got = IvfPqBench.run(args);
    } finally {
      System.setErr(before);
    }
    String text = heard.toString(StandardCharsets.UTF_8).strip();
    if (got != code) {
      throw new AssertionError("exit code " + got + " instead of " + code + ": " + text);
    }
    return text.substring(text.lastIndexOf('\n') + 1).strip();
  }
}
