// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.kernel.panama;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.FilterIndexInput;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.MemorySegmentAccessInput;

/**
 * Bytes of an input as a memory segment: the mapped file where there is one, else a copy.
 *
 * <p>A mapped input is taken whole, once. Where it lies in several mappings each range is looked
 * for in a single one; a range that crosses from one to the next, or an input that is not mapped at
 * all, is copied to a byte array kept for the next one.
 */
final class InputMemory {
  /** A little-endian float at any byte. */
  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final IndexInput in;

  /** Null if the input is not mapped. */
  private final MemorySegmentAccessInput mapped;

  /** Holds the bytes last asked for. */
  private MemorySegment segment;

  private boolean whole;
  private byte[] copy = new byte[0];

  InputMemory(IndexInput in) {
    this.in = in;
    this.mapped =
        FilterIndexInput.unwrapOnlyTest(in) instanceof MemorySegmentAccessInput access
            ? access
            : null;
  }

  /**
   * Makes the bytes from {@code position} on available in {@link #segment}.
   *
   * @return where they start in it
   */
  long load(long position, int length) throws IOException {
    if (whole) {
      return position;
    }
    if (mapped != null) {
      if (segment == null) {
        segment = mapped.segmentSliceOrNull(0, in.length());
        if (segment != null) {
          whole = true;
          return position;
        }
      }
      segment = mapped.segmentSliceOrNull(position, length);
      if (segment != null) {
        return 0;
      }
    }
    if (copy.length < length) {
      copy = new byte[length];
    }
    in.seek(position);
    in.readBytes(copy, 0, length);
    segment = MemorySegment.ofArray(copy);
    return 0;
  }

  /** What {@link #load} found last. */
  MemorySegment segment() {
    return segment;
  }

  /** What to throw when an access to {@link #segment} found its mapping closed. */
  static AlreadyClosedException closed(IllegalStateException e) {
    return e instanceof AlreadyClosedException closed
        ? closed
        : new AlreadyClosedException("the file was closed while it was read", e);
  }
}
