// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.faiss;

import dev.ivfpq.rvc.file.PartFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Writes an {@code IVF<n>,Flat} index as faiss does ({@code index_write.cpp}): squared L2, raw
 * vectors, ids counting from 0, nprobe 1. Each vector goes straight to its place in the file, which
 * takes the target's place in {@link #finish}; closed without that, nothing is left.
 */
public final class IvfFlatWriter implements Closeable {
  /** All before the first list, but for centroids and sizes. */
  private static final int FIXED_BYTES = 139;

  private final PartFile file;
  private final IvfLists lists;
  private final int d;

  /** Where the next vector and the next id of each list go. */
  private final long[] codes;

  private final long[] ids;
  private final ByteBuffer code;
  private final ByteBuffer id = buffer(Long.BYTES);
  private int written;

  private IvfFlatWriter(PartFile file, IvfLists lists) {
    this.file = file;
    this.lists = lists;
    this.d = lists.quantizer().d();
    this.codes = new long[lists.nlist()];
    this.ids = new long[lists.nlist()];
    this.code = buffer(d * Float.BYTES);
  }

  /**
   * Starts a file.
   *
   * @param target in a folder that exists; no link
   * @param lists which vector goes where
   * @throws IOException if it cannot be made
   */
  public static IvfFlatWriter create(Path target, IvfLists lists) throws IOException {
    IvfFlatWriter writer = new IvfFlatWriter(PartFile.create(target), lists);
    try {
      writer.writeHead();
      return writer;
    } catch (Throwable t) {
      writer.close();
      throw t;
    }
  }

  /** Length of the file. */
  public static long bytes(IvfLists lists) {
    return FIXED_BYTES + ((long) lists.count() + lists.nlist()) * rowBytes(lists);
  }

  /** Of a vector and its id; a centroid and the size of its list take the same. */
  private static long rowBytes(IvfLists lists) {
    return (long) lists.quantizer().d() * Float.BYTES + Long.BYTES;
  }

  private void writeHead() throws IOException {
    int nlist = lists.nlist();
    ByteBuffer head = buffer(Math.toIntExact(FIXED_BYTES + nlist * rowBytes(lists)));
    header(head, "IwFl", lists.count());
    head.putLong(nlist).putLong(1);
    header(head, "IxF2", nlist);
    head.putLong((long) nlist * d);
    for (float[] centroid : lists.quantizer().centroids()) {
      for (float value : centroid) {
        head.putFloat(value);
      }
    }
    // No direct map.
    head.put((byte) 0).putLong(0);
    characters(head, "ilar");
    head.putLong(nlist).putLong((long) d * Float.BYTES);
    characters(head, "full");
    head.putLong(nlist);
    long at = head.capacity();
    for (int list = 0; list < nlist; list++) {
      head.putLong(lists.size(list));
      codes[list] = at;
      ids[list] = at + (long) lists.size(list) * d * Float.BYTES;
      at += lists.size(list) * rowBytes(lists);
    }
    write(head, 0);
  }

  private void header(ByteBuffer out, String kind, long ntotal) {
    characters(out, kind);
    out.putInt(d).putLong(ntotal);
    out.putLong(FaissHeader.DUMMY).putLong(FaissHeader.DUMMY);
    out.put((byte) 1).putInt(FaissHeader.L2);
  }

  private static void characters(ByteBuffer out, String four) {
    out.put(four.getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * Writes the next vector.
   *
   * @param vector (d), not modified
   * @throws IllegalStateException if there are more than the lists were made for
   * @throws IOException if writing fails
   */
  public void write(float[] vector) throws IOException {
    if (written == lists.count()) {
      throw new IllegalStateException("more than the " + written + " vectors announced");
    }
    int list = lists.listOf(written);
    code.clear();
    code.asFloatBuffer().put(vector, 0, d);
    write(code.position(d * Float.BYTES), codes[list]);
    codes[list] += d * Float.BYTES;
    write(id.clear().putLong(written), ids[list]);
    ids[list] += Long.BYTES;
    written++;
  }

  private void write(ByteBuffer buffer, long to) throws IOException {
    buffer.flip();
    file.write(buffer, to);
  }

  /**
   * Puts the file in its place.
   *
   * @throws IllegalStateException if vectors are missing
   * @throws IOException if writing fails; the target is as before
   */
  public void finish() throws IOException {
    if (written < lists.count()) {
      throw new IllegalStateException(
          written + " vectors written, " + lists.count() + " announced");
    }
    file.finish();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
