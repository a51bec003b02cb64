// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.memory;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.ivfpq.bench.data.VectorRows;
import dev.ivfpq.bench.merge.MergeSystem;
import dev.ivfpq.bench.merge.Meter;
import dev.ivfpq.bench.run.IndexKind;
import dev.ivfpq.bench.run.Setting;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/**
 * A process that indexes vectors, one after the other from their file, merges them into one
 * segment, and prints {@link BuildFigures}. Document i is row i.
 */
final class IndexProcess {
  private static final double MB = 1 << 20;

  private IndexProcess() {}

  /**
   * Runs.
   *
   * @param args base, folder of the index, name of the system
   */
  public static void main(String[] args) throws IOException {
    IndexKind kind = MergeSystem.named(args[2]).kind();
    try (VectorRows rows = VectorRows.open(Path.of(args[0]));
        Directory directory = FSDirectory.open(Path.of(args[1]));
        Meter meter = new Meter()) {
      double indexed;
      try (IndexWriter writer = new IndexWriter(directory, kind.writerConfig(rows.size(), 1))) {
        for (int row = 0; row < rows.size(); row++) {
          Document document = new Document();
          document.add(
              new KnnFloatVectorField(
                  Setting.FIELD, rows.row(row), VectorSimilarityFunction.EUCLIDEAN));
          writer.addDocument(document);
        }
        writer.commit();
        indexed = meter.read().wall();
        writer.forceMerge(1);
      }
      Meter.Cost cost = meter.read();
      long bytes = 0;
      for (String file : directory.listAll()) {
        bytes += directory.fileLength(file);
      }
      BuildFigures figures =
          new BuildFigures(
              rows.size(), rows.dims(), indexed, cost.wall() - indexed, cost.peakHeap(), bytes);
      System.out.println(new JsonMapper().writeValueAsString(figures));
    }
  }
}
