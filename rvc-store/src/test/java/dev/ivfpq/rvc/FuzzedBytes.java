// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.ivfpq.rvc.file.ByteSource;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/**
 * Bytes of which some in the head were changed, and a check that whoever reads them allocates no
 * more than they can fill. {@code -Dtests.fuzz.count} says how often, {@code -Dtests.fuzz.seed}
 * from which start.
 */
public record FuzzedBytes(String name, byte[] bytes) implements ByteSource {
  /** Buffers of readers, and what tests and messages take. */
  private static final long BUFFERS = 1 << 20;

  /** Codes of half a byte a vector become ids of eight, and are read twice. */
  private static final int PER_BYTE = 64;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Reads, and refuses or not. */
  @FunctionalInterface
  public interface Reading {
    void read(FuzzedBytes bytes) throws IOException;
  }

  /** How many times. */
  public static int count() {
    return Integer.getInteger("tests.fuzz.count", 10_000);
  }

  /** The start, printed. */
  public static Random random() {
    long seed = Long.getLong("tests.fuzz.seed", System.nanoTime());
    System.out.println("-Dtests.fuzz.seed=" + seed + " -Dtests.fuzz.count=" + count());
    return new Random(seed);
  }

  /** A copy with one to four bytes changed among the first so many, one in eight cut as well. */
  public static FuzzedBytes of(byte[] whole, int head, Random random) {
    int length = random.nextInt(8) == 0 ? random.nextInt(whole.length) + 1 : whole.length;
    byte[] bytes = Arrays.copyOf(whole, length);
    for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
      int at = random.nextInt(Math.min(length, head));
      bytes[at] = (byte) (random.nextBoolean() ? random.nextInt(256) : random.nextInt(2) * 255);
    }
    return new FuzzedBytes("fuzzed", bytes);
  }

  /** Reads them. */
  public void readWith(Reading reading) throws IOException {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    reading.read(this);
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertTrue(
        allocated <= BUFFERS + (long) PER_BYTE * bytes.length,
        () -> allocated + " bytes allocated for " + bytes.length);
  }

  @Override
  public long size() {
    return bytes.length;
  }

  @Override
  public void read(ByteBuffer out, long from) {
    out.put(bytes, (int) from, out.remaining());
  }

  @Override
  public void close() {}
}
