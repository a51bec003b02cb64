// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.IvfPqParameters;
import dev.ivfpq.IvfPqVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FilterLeafReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.apache.lucene.tests.util.TestUtil;

/** Searches of one segment of Gaussian vectors in field "v", whose ordinals are their indices. */
abstract class SegmentTestCase extends LuceneTestCase {
  private final IvfPqParameters parameters;
  protected final float[][] vectors;
  protected IvfPqVectorsReader reader;
  private Directory directory;
  private DirectoryReader opened;

  protected SegmentTestCase(int n, int d, IvfPqParameters parameters) {
    this.parameters = parameters;
    this.vectors = new float[n][d];
  }

  @Override
  public void setUp() throws Exception {
    super.setUp();
    directory = newDirectory();
    IndexWriterConfig config =
        new IndexWriterConfig()
            .setCodec(TestUtil.alwaysKnnVectorsFormat(new IvfPqVectorsFormat(parameters)));
    try (IndexWriter writer = new IndexWriter(directory, config)) {
      for (float[] vector : vectors) {
        for (int j = 0; j < vector.length; j++) {
          vector[j] = (float) random().nextGaussian();
        }
        Document document = new Document();
        document.add(new KnnFloatVectorField("v", vector, VectorSimilarityFunction.EUCLIDEAN));
        writer.addDocument(document);
      }
      writer.forceMerge(1);
    }
    opened = DirectoryReader.open(directory);
    CodecReader leaf = (CodecReader) FilterLeafReader.unwrap(opened.leaves().get(0).reader());
    reader = IvfPqVectorsReader.of(leaf.getVectorReader(), "v");
  }

  @Override
  public void tearDown() throws Exception {
    opened.close();
    directory.close();
    super.tearDown();
  }
}
