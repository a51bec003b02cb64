// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.merge;

import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.FilterIndexOutput;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexOutput;

/** Counts the bytes of every file that is written, temporary ones included. */
final class CountingDirectory extends FilterDirectory {
  private final LongAdder written = new LongAdder();
  private final LongAdder writtenBesideRaw = new LongAdder();

  CountingDirectory(Directory in) {
    super(in);
  }

  @Override
  public IndexOutput createOutput(String name, IOContext context) throws IOException {
    return new CountedOutput(in.createOutput(name, context));
  }

  @Override
  public IndexOutput createTempOutput(String prefix, String suffix, IOContext context)
      throws IOException {
    return new CountedOutput(in.createTempOutput(prefix, suffix, context));
  }

  /** Bytes of all files closed so far. */
  long written() {
    return written.sum();
  }

  /** Bytes of the files of vectors' formats closed so far, raw vectors left out. */
  long writtenBesideRaw() {
    return writtenBesideRaw.sum();
  }

  /** Passes on what it is given in one piece, so that counting costs a call and no more. */
  private final class CountedOutput extends FilterIndexOutput {
    private boolean counted;

    CountedOutput(IndexOutput out) {
      super("counted " + out, out.getName(), out);
    }

    @Override
    public void writeShort(short value) throws IOException {
      out.writeShort(value);
    }

    @Override
    public void writeInt(int value) throws IOException {
      out.writeInt(value);
    }

    @Override
    public void writeLong(long value) throws IOException {
      out.writeLong(value);
    }

    @Override
    public void close() throws IOException {
      if (!counted) {
        counted = true;
        written.add(getFilePointer());
        if (SegmentFiles.isBesideRaw(getName())) {
          writtenBesideRaw.add(getFilePointer());
        }
      }
      super.close();
    }
  }
}
