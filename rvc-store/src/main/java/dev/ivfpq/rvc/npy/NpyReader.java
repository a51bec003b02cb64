// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.npy;

import dev.ivfpq.rvc.file.ByteSource;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Reads the rows of one {@code .npy} matrix as floats, a few at a time.
 *
 * <p>Versions 1.0 to 3.0, the types of {@link NpyType}, rows (C) or columns (Fortran) together.
 * Holds one buffer of 64 KB whatever the file's size. Not for: archives ({@code .npz}), object or
 * structured arrays, use by several threads.
 */
public final class NpyReader implements Closeable {
  /** A multiple of every type's size. */
  private static final int BUFFER_BYTES = 1 << 16;

  /** Rows per read in {@link #verify}; at 768 dims, 1.5 MB. */
  private static final int VERIFY_FLOATS = 512 * 768;

  private final ByteSource source;
  private final NpyHeader header;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

  private NpyReader(ByteSource source, NpyHeader header) {
    this.source = source;
    this.header = header;
  }

  /**
   * Opens a file and checks its header against its length.
   *
   * @throws NpyException if it is no matrix of numbers
   * @throws IOException if it cannot be read
   */
  public static NpyReader open(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw NpyException.inFile(file.toString(), "a folder, where a .npy file is needed");
    }
    return of(ByteSource.open(file));
  }

  /**
   * Opens a file of a list of numbers, shape (n,), as a matrix of one column.
   *
   * @throws NpyException if it is no list of numbers
   * @throws IOException if it cannot be read
   */
  public static NpyReader openList(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw NpyException.inFile(file.toString(), "a folder, where a .npy file is needed");
    }
    return of(ByteSource.open(file), NpyShape.LIST);
  }

  /**
   * Reads what need not be a file.
   *
   * @param source closed with the reader, or if this fails
   * @throws NpyException if it is no matrix of numbers
   * @throws IOException if it cannot be read
   */
  public static NpyReader of(ByteSource source) throws IOException {
    return of(source, NpyShape.MATRIX);
  }

  private static NpyReader of(ByteSource source, NpyShape shape) throws IOException {
    try {
      return new NpyReader(source, NpyHeader.read(source, shape));
    } catch (Throwable t) {
      source.close();
      throw t;
    }
  }

  /** What the file's head says. */
  public NpyHeader header() {
    return header;
  }

  /** Number of rows, at least 1. */
  public int rows() {
    return header.rows();
  }

  /** Number of columns, at least 1. */
  public int dims() {
    return header.dims();
  }

  /**
   * Reads rows.
   *
   * @param firstRow in [0, rows)
   * @param count number of rows
   * @param out (count, dims) row after row, from 0 on; may be longer
   * @throws IndexOutOfBoundsException if there are fewer rows, or {@code out} is shorter
   * @throws NpyException if a value is NaN, infinite or beyond the range of a float
   * @throws IOException if reading fails
   */
  public void read(int firstRow, int count, float[] out) throws IOException {
    Objects.checkFromIndexSize(firstRow, count, rows());
    int dims = dims();
    int floats = Math.multiplyExact(count, dims);
    Objects.checkFromIndexSize(0, floats, out.length);
    if (header.fortranOrder()) {
      for (int column = 0; column < dims; column++) {
        readRun((long) column * rows() + firstRow, count, out, column, dims);
      }
    } else {
      readRun((long) firstRow * dims, floats, out, 0, 1);
    }
    for (int i = 0; i < floats; i++) {
      if (!Float.isFinite(out[i])) {
        throw NpyException.atValue(
            source.name(),
            firstRow + i / dims,
            i % dims,
            (Float.isNaN(out[i]) ? "NaN" : "infinite or beyond the range of a float")
                + "; remove the file or extract it again");
      }
    }
  }

  /**
   * Reads all rows.
   *
   * @return (rows, dims), the caller's own
   * @throws NpyException if a value is NaN, infinite or beyond the range of a float
   * @throws IOException if reading fails
   */
  public float[][] readAll() throws IOException {
    float[][] all = new float[rows()][dims()];
    for (int row = 0; row < all.length; row++) {
      read(row, 1, all[row]);
    }
    return all;
  }

  /**
   * Reads all rows and keeps none: returns only if every value is a finite float.
   *
   * @throws NpyException naming the first value that is not
   * @throws IOException if reading fails
   */
  public void verify() throws IOException {
    int block = Math.min(rows(), Math.max(1, VERIFY_FLOATS / dims()));
    float[] out = new float[Math.multiplyExact(block, dims())];
    for (int row = 0; row < rows(); row += block) {
      read(row, Math.min(block, rows() - row), out);
    }
  }

  /** Reads {@code count} neighbouring numbers, the first one being number {@code first}. */
  private void readRun(long first, int count, float[] out, int to, int stride) throws IOException {
    NpyType type = header.type();
    long offset = header.dataOffset() + first * type.size();
    int perBuffer = BUFFER_BYTES / type.size();
    for (int done = 0; done < count; ) {
      int now = Math.min(perBuffer, count - done);
      fill(now * type.size(), offset);
      type.decode(buffer, now, out, to + done * stride, stride);
      offset += (long) now * type.size();
      done += now;
    }
  }

  private void fill(int bytes, long offset) throws IOException {
    buffer.clear().limit(bytes);
    source.read(buffer, offset);
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
