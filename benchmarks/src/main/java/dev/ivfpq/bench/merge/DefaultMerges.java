// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.merge;

import dev.ivfpq.bench.data.VectorRows;
import dev.ivfpq.bench.merge.Meter.Cost;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/** Indexes everything as a user would who changes nothing, then merges it into one segment. */
final class DefaultMerges {
  private static final double MB = 1 << 20;

  private DefaultMerges() {}

  /**
   * Indexes.
   *
   * @param folder is made
   * @return figures, or that the heap was too small
   */
  static IndexRow run(Path folder, MergeSystem system, VectorRows rows, MergePlan plan)
      throws IOException {
    CountingScheduler scheduler = new CountingScheduler();
    IndexWriterConfig config =
        new IndexWriterConfig(null)
            .setCodec(system.kind().codec())
            .setMergeScheduler(scheduler)
            .setRAMBufferSizeMB(plan.bufferMb());
    String failure = null;
    Costs costs = new Costs();
    try (Directory files = FSDirectory.open(folder);
        CountingDirectory directory = new CountingDirectory(files)) {
      try {
        write(directory, config, rows, costs);
      } catch (OutOfMemoryError | IOException | IllegalStateException e) {
        failure = failure(e);
      }
      return row(system, rows.size(), plan, scheduler, costs, failure, directory, folder);
    }
  }

  /** What is known, even if the rest fails. */
  private static final class Costs {
    private Cost index;
    private Cost merge;
  }

  /** Holds the writer and all that it buffers, so that nothing does once this has failed. */
  private static void write(
      Directory directory, IndexWriterConfig config, VectorRows rows, Costs costs)
      throws IOException {
    IndexWriter writer = new IndexWriter(directory, config);
    boolean done = false;
    try {
      try (Meter meter = new Meter()) {
        for (int row = 0; row < rows.size(); row++) {
          writer.addDocument(SegmentWriter.document(rows.row(row)));
        }
        writer.commit();
        costs.index = meter.read();
      }
      try (Meter meter = new Meter()) {
        writer.forceMerge(1);
        costs.merge = meter.read();
      }
      writer.close();
      done = true;
    } finally {
      if (!done) {
        writer.rollback();
      }
    }
  }

  /** Too small a heap is a result; anything else is not. Merges run out of it in their threads. */
  private static String failure(Throwable thrown) throws IOException {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof OutOfMemoryError) {
        return "out of memory: " + cause.getMessage();
      }
    }
    if (thrown instanceof IOException e) {
      throw e;
    }
    throw (IllegalStateException) thrown;
  }

  private static IndexRow row(
      MergeSystem system,
      int vectors,
      MergePlan plan,
      CountingScheduler scheduler,
      Costs costs,
      String failure,
      CountingDirectory directory,
      Path folder)
      throws IOException {
    Cost index = costs.index;
    Cost merge = costs.merge;
    boolean done = failure == null;
    Double bytes = done ? SegmentFiles.bytes(SegmentFiles.all(folder)) / MB : null;
    return new IndexRow(
        system.toString(),
        failure,
        vectors,
        scheduler.getMaxThreadCount(),
        plan.bufferMb(),
        Runtime.getRuntime().maxMemory() / MB,
        index == null ? null : index.wall(),
        index == null ? null : index.cpu(),
        done ? merge.wall() : null,
        done ? merge.cpu() : null,
        null,
        null,
        index == null ? null : index.peakHeap(),
        done ? merge.heapBefore() : null,
        done ? merge.peakHeap() : null,
        done ? merge.heapAfterCollection() : null,
        scheduler.merges(),
        directory.written() / MB,
        bytes,
        done ? directory.written() / MB / bytes : null);
  }
}
