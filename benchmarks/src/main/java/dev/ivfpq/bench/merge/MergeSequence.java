// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.merge;

import dev.ivfpq.IvfPqFieldStats;
import dev.ivfpq.bench.data.VectorRows;
import dev.ivfpq.bench.run.GroundTruth;
import dev.ivfpq.bench.run.IndexKind;
import dev.ivfpq.bench.run.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.SlowCodecReaderWrapper;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/**
 * Merges this format's segments many times in sequence and compares the last one with a segment
 * built from the raw vectors alone. Documents are the rows, in order, in both.
 */
final class MergeSequence {
  private static final String LISTS = ".ivfl";
  private static final double MB = 1 << 20;

  private final Path folder;
  private final MergePlan plan;
  private final GroundTruth truth;
  private final Consumer<String> log;

  /**
   * @param folder takes the indexes
   * @param truth of the queries; null without any
   * @param log hears what is going on
   */
  MergeSequence(Path folder, MergePlan plan, GroundTruth truth, Consumer<String> log) {
    this.folder = folder;
    this.plan = plan;
    this.truth = truth;
    this.log = log;
  }

  /** Both segments. */
  List<SequenceRow> run(VectorRows rows) throws IOException {
    Path fresh = folder.resolve("fresh");
    log.accept("building one segment from raw vectors");
    buildFresh(fresh, rows);
    Path merged = folder.resolve("sequence");
    log.accept("merging " + plan.merges() + " times in sequence");
    try (Directory directory = FSDirectory.open(merged)) {
      IndexKind kind = MergeSystem.IVFPQ.kind();
      for (int merge = 0; merge < plan.merges(); merge++) {
        int from = (int) ((long) merge * rows.size() / plan.merges());
        int to = (int) ((long) (merge + 1) * rows.size() / plan.merges());
        SegmentWriter.append(directory, kind, rows, from, to, plan.segments());
        forceMerge(directory, kind);
      }
    }
    double freshBytes = listBytes(fresh);
    return List.of(
        row("merged", plan.merges(), merged, freshBytes, rows),
        row("fresh", 1, fresh, freshBytes, rows));
  }

  /** Another format's segment has no model, so that merging it trains one. */
  private void buildFresh(Path fresh, VectorRows rows) throws IOException {
    Path raw = folder.resolve("raw");
    IndexKind flat = MergeSystem.FLAT.kind();
    IndexKind ours = MergeSystem.IVFPQ.kind();
    try (Directory from = FSDirectory.open(raw);
        Directory to = FSDirectory.open(fresh)) {
      SegmentWriter.append(from, flat, rows, 0, rows.size(), plan.segments());
      forceMerge(from, flat);
      try (DirectoryReader reader = DirectoryReader.open(from);
          IndexWriter writer = SegmentWriter.merger(to, ours, new CountingScheduler())) {
        writer.addIndexes(SlowCodecReaderWrapper.wrap(reader.leaves().getFirst().reader()));
      }
    }
  }

  private static void forceMerge(Directory directory, IndexKind kind) throws IOException {
    try (IndexWriter writer = SegmentWriter.merger(directory, kind, new CountingScheduler())) {
      writer.forceMerge(1);
    }
  }

  private static double listBytes(Path index) throws IOException {
    List<Path> files = SegmentFiles.besideRaw(index);
    files.removeIf(file -> !file.toString().endsWith(LISTS));
    return SegmentFiles.bytes(files);
  }

  private SequenceRow row(String path, int merges, Path index, double freshBytes, VectorRows rows)
      throws IOException {
    try (Directory directory = FSDirectory.open(index);
        DirectoryReader reader = DirectoryReader.open(directory)) {
      if (reader.leaves().size() != 1) {
        throw new IllegalStateException(
            index + " has " + reader.leaves().size() + " segments, one was asked for");
      }
      LeafReader leaf = reader.leaves().getFirst().reader();
      checkOrder(leaf, rows);
      IvfPqFieldStats stats = IvfPqFieldStats.of(leaf, Setting.FIELD).orElseThrow();
      double bytes = listBytes(index);
      return new SequenceRow(
          path,
          merges,
          stats.nlist(),
          stats.M(),
          truth == null ? null : recall(new IndexSearcher(reader)),
          bytes / MB,
          freshBytes == 0 ? null : bytes / freshBytes,
          SegmentFiles.bytes(SegmentFiles.besideRaw(index)) / MB);
    }
  }

  /** Recall would be wrong, and low, if a document were not the row of its number. */
  private static void checkOrder(LeafReader leaf, VectorRows rows) throws IOException {
    FloatVectorValues vectors = leaf.getFloatVectorValues(Setting.FIELD);
    for (int row = 0; row < rows.size(); row++) {
      if (!Arrays.equals(vectors.vectorValue(row), rows.row(row))) {
        throw new IllegalStateException("document " + row + " is not row " + row);
      }
    }
  }

  private double recall(IndexSearcher searcher) throws IOException {
    float[][] queries = truth.queries().rows();
    long right = 0;
    for (int i = 0; i < queries.length; i++) {
      KnnFloatVectorQuery query = new KnnFloatVectorQuery(Setting.FIELD, queries[i], truth.k());
      right += truth.right(i, searcher.search(query, truth.k()).scoreDocs);
    }
    return right / ((double) queries.length * truth.k());
  }
}
