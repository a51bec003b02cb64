// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.it;

import dev.ivfpq.IvfPqFieldStats;
import dev.ivfpq.IvfPqVectorsFormat;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.VectorUtil;

/**
 * A process of its own: indexes more vectors than its heap holds, merges them into one segment and
 * searches it. Prints what it built, and recall@10 against brute force.
 */
final class BoundedHeap {
  private static final int DIMS = 256;
  private static final int CLUSTERS = 500;

  /** More than ten: the first one's model has too few lists for all, so the merge trains. */
  private static final int SEGMENTS = 12;

  private static final int QUERIES = 20;
  private static final int K = 10;

  private final float[][] centres = new float[CLUSTERS][DIMS];
  private final int n;
  private final long seed;

  private BoundedHeap(int n, long seed) {
    this.n = n;
    this.seed = seed;
    Random random = new Random(seed);
    for (float[] centre : centres) {
      for (int j = 0; j < DIMS; j++) {
        // A spectrum that falls, as that of speech does.
        centre[j] = (float) (random.nextGaussian() * 8 / Math.sqrt(1 + j));
      }
    }
  }

  /** Arguments: folder, number of vectors, seed. */
  public static void main(String[] args) throws Exception {
    BoundedHeap run = new BoundedHeap(Integer.parseInt(args[1]), Long.parseLong(args[2]));
    try (Directory directory = new MMapDirectory(Path.of(args[0]))) {
      run.index(directory);
      merge(directory);
      run.search(directory);
    }
  }

  /** The vector with this number, made anew each time. */
  private float[] vector(long number) {
    Random random = new Random(seed + 31 * (number + 1));
    float[] v = centres[random.nextInt(CLUSTERS)].clone();
    for (int j = 0; j < DIMS; j++) {
      v[j] += (float) (random.nextGaussian() * 4 / Math.sqrt(1 + j));
    }
    return v;
  }

  private void index(Directory directory) throws Exception {
    IndexWriterConfig config =
        config()
            .setMergePolicy(NoMergePolicy.INSTANCE)
            .setMaxBufferedDocs(n / SEGMENTS)
            .setRAMBufferSizeMB(IndexWriterConfig.DISABLE_AUTO_FLUSH);
    try (IndexWriter writer = new IndexWriter(directory, config)) {
      for (int i = 0; i < n; i++) {
        Document document = new Document();
        document.add(new KnnFloatVectorField("v", vector(i), VectorSimilarityFunction.EUCLIDEAN));
        writer.addDocument(document);
      }
    }
  }

  private static void merge(Directory directory) throws Exception {
    IndexWriterConfig config =
        config()
            .setMergePolicy(new TieredMergePolicy())
            .setMergeScheduler(new SerialMergeScheduler());
    try (IndexWriter writer = new IndexWriter(directory, config)) {
      writer.forceMerge(1);
    }
  }

  private static IndexWriterConfig config() {
    KnnVectorsFormat format = new IvfPqVectorsFormat();
    return new IndexWriterConfig(null)
        .setCodec(
            new Lucene104Codec() {
              @Override
              public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                return format;
              }
            });
  }

  private void search(Directory directory) throws Exception {
    try (DirectoryReader reader = DirectoryReader.open(directory)) {
      LeafReader leaf = reader.leaves().getFirst().reader();
      FloatVectorValues values = leaf.getFloatVectorValues("v");
      IndexSearcher searcher = new IndexSearcher(reader);
      int found = 0;
      for (int i = 0; i < QUERIES; i++) {
        float[] query = vector(n + i);
        float[] distances = new float[values.size()];
        for (int ord = 0; ord < distances.length; ord++) {
          distances[ord] = VectorUtil.squareDistance(query, values.vectorValue(ord));
        }
        float[] sorted = distances.clone();
        Arrays.sort(sorted);
        for (ScoreDoc hit : searcher.search(new KnnFloatVectorQuery("v", query, K), K).scoreDocs) {
          if (distances[hit.doc] <= sorted[K - 1]) {
            found++;
          }
        }
      }
      System.out.println(
          "segments="
              + reader.leaves().size()
              + " vectors="
              + values.size()
              + " nlist="
              + IvfPqFieldStats.of(leaf, "v").orElseThrow().nlist()
              + " recall="
              + found / (double) (QUERIES * K));
    }
  }
}
