// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.faiss;

import dev.ivfpq.rvc.file.ByteSource;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The vectors of a faiss index file, all of it read and checked once when it is opened, and read
 * again when they are asked for. For one thread.
 */
public final class FaissIndexFile implements Closeable {
  private static final int SCAN = 1 << 20;
  private static final byte[] LISTS = {'I', 'w', 'F', 'l'};

  private final FaissInput in;
  private final FaissParser.Parsed index;
  private final long trailingBytes;

  private FaissIndexFile(FaissInput in, FaissParser.Parsed index, long trailingBytes) {
    this.in = in;
    this.index = index;
    this.trailingBytes = trailingBytes;
  }

  /**
   * Opens an index, or the only one in a so-vits-svc pickle, which is found by its first bytes:
   * nothing is unpickled.
   *
   * @throws FaissException if it is none, holds no vectors, is damaged, or is of a kind whose
   *     vectors cannot be had; says which and what to do
   * @throws IOException if it cannot be read
   */
  public static FaissIndexFile open(Path file) throws IOException {
    return of(ByteSource.open(file));
  }

  /**
   * Reads what need not be a file, as {@link #open} does.
   *
   * @param source closed with the index, or if this fails
   * @throws FaissException as by {@link #open}
   * @throws IOException if it cannot be read
   */
  public static FaissIndexFile of(ByteSource source) throws IOException {
    FaissInput in = new FaissInput(source);
    try {
      List<Long> pickled = FileKind.isPickle(in) ? starts(in) : List.of();
      if (pickled.size() > 1) {
        throw FaissException.of(
            in.name(),
            "a pickle of "
                + pickled.size()
                + " indexes, one for each speaker; write the one you want with faiss.write_index");
      }
      if (pickled.isEmpty()) {
        FileKind.check(in);
      } else {
        in.seek(pickled.getFirst());
      }
      FaissParser.Parsed index = new FaissParser(in).parse();
      // What a pickle holds besides says nothing about the index.
      long trailing = pickled.isEmpty() ? in.remaining() : 0;
      FaissIndexFile opened = new FaissIndexFile(in, index, trailing);
      opened.checkNotEmpty();
      opened.checkVectors();
      return opened;
    } catch (Throwable t) {
      in.close();
      throw t;
    }
  }

  /** Where "IwFl" stands with a header's two dummies behind it. */
  private static List<Long> starts(FaissInput in) throws IOException {
    List<Long> starts = new ArrayList<>();
    int overlap = 32;
    for (long from = 0; from < in.size(); from += SCAN) {
      int length = (int) Math.min(SCAN + overlap, in.size() - from);
      ByteBuffer bytes = in.bytes(from, length);
      for (int i = 0; i + overlap <= length && i < SCAN; i++) {
        if (bytes.get(i) == LISTS[0]
            && bytes.get(i + 1) == LISTS[1]
            && bytes.get(i + 2) == LISTS[2]
            && bytes.get(i + 3) == LISTS[3]
            && bytes.getLong(i + 16) == FaissHeader.DUMMY
            && bytes.getLong(i + 24) == FaissHeader.DUMMY) {
          starts.add(from + i);
        }
      }
    }
    return starts;
  }

  private void checkNotEmpty() throws FaissException {
    if (index.header().ntotal() == 0) {
      throw FaissException.of(
          in.name(),
          "holds no vectors"
              + (index.header().trained() ? "" : " and was never trained")
              + "; use the added_ file, not the trained_ one");
    }
  }

  private void checkVectors() throws IOException {
    if (size() > Integer.MAX_VALUE - 8) {
      throw FaissException.of(in.name(), size() + " vectors are more than can be imported");
    }
    long[] ids = new long[(int) size()];
    int[] count = {0};
    forEach(
        (id, vector) -> {
          if (id < 0) {
            throw FaissException.of(in.name(), "a vector has the id " + id + cause());
          }
          for (float value : vector) {
            if (!Float.isFinite(value)) {
              throw FaissException.of(
                  in.name(), "the vector of id " + id + " has the value " + value + cause());
            }
          }
          ids[count[0]++] = id;
        });
    Arrays.sort(ids);
    for (int i = 1; i < ids.length; i++) {
      if (ids[i] == ids[i - 1]) {
        throw FaissException.of(in.name(), "two vectors have the id " + ids[i] + cause());
      }
    }
    if (trailingBytes > 0 && ids[ids.length - 1] > Integer.MAX_VALUE) {
      throw FaissException.of(in.name(), "a vector has the id " + ids[ids.length - 1] + cause());
    }
  }

  /** What such damage comes from, and what to do. */
  private String cause() {
    return trailingBytes > 0
        ? "; the file is "
            + trailingBytes
            + " bytes too long: line ends were translated on the way, get it again as binary"
        : "; get it again";
  }

  /** faiss's four characters for it, "IwFl" for inverted lists of raw vectors. */
  public String kind() {
    return index.kind();
  }

  /** Dimensions of the vectors as they were added. */
  public int dims() {
    return index.rows().d();
  }

  /** Number of vectors, at least 1. */
  public long size() {
    return index.rows().count();
  }

  /** Whether the vectors are those that were added, to the bit; else they are decoded. */
  public boolean exact() {
    return index.rows().exact();
  }

  /** Whether near means a large inner product, not a small distance. */
  public boolean byInnerProduct() {
    return index.header().metric() == FaissHeader.INNER_PRODUCT;
  }

  /** Bytes behind the index that do not belong to it. */
  public long trailingBytes() {
    return trailingBytes;
  }

  /** Hands out all vectors, in the order of the file. */
  public void forEach(RowVisitor visitor) throws IOException {
    index.rows().forEach(visitor);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
