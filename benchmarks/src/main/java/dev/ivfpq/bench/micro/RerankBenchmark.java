// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.micro;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import org.apache.lucene.codecs.hnsw.FlatVectorScorerUtil;
import org.apache.lucene.codecs.hnsw.FlatVectorsScorer;
import org.apache.lucene.codecs.lucene95.OffHeapFloatVectorValues.DenseOffHeapVectorValues;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.util.hnsw.RandomVectorScorer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Exact scores of candidates by Lucene's own scorer: 80 random ones of 100,000 mapped vectors, in
 * ordinal order, others in every call. An operation is one vector.
 */
@State(Scope.Thread)
public class RerankBenchmark {
  private static final VectorSimilarityFunction SIMILARITY = VectorSimilarityFunction.EUCLIDEAN;
  private static final int VECTORS = 100_000;
  private static final int CANDIDATES = 80;

  /** Queries until candidates repeat: by then most vectors have been read. */
  private static final int QUERIES = 1024;

  /** Dimensions. */
  @Param({"256", "768"})
  public int d;

  private final int[][] candidates = new int[QUERIES][];
  private final float[] scores = new float[CANDIDATES];
  private MappedFile file;
  private RandomVectorScorer scorer;
  private int query;

  /** Writes the vectors. */
  @Setup
  public void open() throws IOException {
    file = MappedFile.of(this::writeVectors);
    FlatVectorsScorer flat = FlatVectorScorerUtil.getLucene99FlatVectorsScorer();
    FloatVectorValues values =
        new DenseOffHeapVectorValues(d, VECTORS, file.input(), d * Float.BYTES, flat, SIMILARITY);
    float[] target = RandomFloats.of(d, VECTORS);
    scorer = flat.getRandomVectorScorer(SIMILARITY, values, target);
    SplittableRandom random = new SplittableRandom(1);
    for (int q = 0; q < QUERIES; q++) {
      candidates[q] = random.ints(CANDIDATES, 0, VECTORS).sorted().toArray();
    }
    score();
    for (int i = 0; i < CANDIDATES; i++) {
      float[] vector = RandomFloats.of(d, candidates[0][i]);
      double distance = FloatCheck.squaredDistance(vector, 0, target, 0, d);
      FloatCheck.close("score of candidate", i, 1 / (1 + distance), scores[i]);
    }
  }

  /** Each vector is drawn from its ordinal. */
  private void writeVectors(IndexOutput out) throws IOException {
    ByteBuffer row = ByteBuffer.allocate(d * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int ordinal = 0; ordinal < VECTORS; ordinal++) {
      row.asFloatBuffer().put(RandomFloats.of(d, ordinal));
      out.writeBytes(row.array(), row.capacity());
    }
  }

  /** Unmaps the vectors. */
  @TearDown
  public void close() throws IOException {
    file.close();
  }

  /** One query's candidates in one call. */
  @Benchmark
  @OperationsPerInvocation(CANDIDATES)
  public float[] score() throws IOException {
    scorer.bulkScore(candidates[query], scores, CANDIDATES);
    query = (query + 1) % QUERIES;
    return scores;
  }
}
