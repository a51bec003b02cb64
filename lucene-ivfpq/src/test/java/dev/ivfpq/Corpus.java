// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.IntPredicate;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.FloatVectorSimilarityQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.store.Directory;
import org.apache.lucene.util.BytesRef;

/** Vectors by document id, their brute-force neighbours, and the index that holds them. */
final class Corpus {
  /** Scans every list and re-ranks every candidate. */
  static final IvfPqSearchParameters EVERYTHING =
      IvfPqSearchParameters.DEFAULT.withNprobe(100_000).withKFactor(100_000);

  /** Gives a few hundred vectors lists. */
  static final IvfPqParameters SMALL_LISTS =
      IvfPqParameters.DEFAULT.withExactBelow(4).withMinVectorsPerList(2).withMaxModelShare(1e9);

  /** By document id; null where a document has no vector. */
  final float[][] vectors;

  final VectorSimilarityFunction similarity;
  private final float[][] centres;
  private final Random random;

  private Corpus(
      float[][] vectors, VectorSimilarityFunction similarity, float[][] centres, Random random) {
    this.vectors = vectors;
    this.similarity = similarity;
    this.centres = centres;
    this.random = random;
  }

  /** A document and its score. */
  record Hit(int id, float score) {}

  /** Vectors in 40 clusters; of unit length where the similarity asks for it. */
  static Corpus clustered(Random random, int n, int d, VectorSimilarityFunction similarity) {
    float[][] centres = new float[40][d];
    for (float[] centre : centres) {
      for (int j = 0; j < d; j++) {
        centre[j] = (float) (2 * random.nextGaussian());
      }
    }
    Corpus corpus = new Corpus(new float[n][], similarity, centres, random);
    for (int i = 0; i < n; i++) {
      corpus.vectors[i] = corpus.draw();
    }
    return corpus;
  }

  static Corpus of(float[][] vectors, VectorSimilarityFunction similarity) {
    return new Corpus(vectors, similarity, null, null);
  }

  /** A vector from the same clusters. */
  float[] draw() {
    float[] v = centres[random.nextInt(centres.length)].clone();
    double squares = 0;
    for (int j = 0; j < v.length; j++) {
      v[j] += (float) random.nextGaussian();
      squares += v[j] * v[j];
    }
    if (similarity == VectorSimilarityFunction.DOT_PRODUCT) {
      for (int j = 0; j < v.length; j++) {
        v[j] /= (float) Math.sqrt(squares);
      }
    }
    return v;
  }

  int size() {
    return vectors.length;
  }

  /** Takes the vectors of a share of the documents away. */
  Corpus sparse(double share) {
    for (int i = 0; i < vectors.length; i++) {
      if (random.nextDouble() < share) {
        vectors[i] = null;
      }
    }
    return this;
  }

  Document document(int id) {
    Document document = new Document();
    document.add(new NumericDocValuesField("id", id));
    document.add(new StringField("id", "" + id, Field.Store.NO));
    if (vectors[id] != null) {
      // Fields refuse zero vectors under COSINE when they are made, older indexes hold some.
      float[] stored = vectors[id].clone();
      stored[0] = 1;
      document.add(new KnnFloatVectorField("v", stored, similarity));
      stored[0] = vectors[id][0];
    }
    return document;
  }

  /** Adds documents [from, to) and flushes them. */
  void add(IndexWriter writer, int from, int to) throws IOException {
    for (int id = from; id < to; id++) {
      writer.addDocument(document(id));
    }
    writer.flush();
  }

  /** Writes the whole index, in this many segments. */
  void write(Directory directory, KnnVectorsFormat format, int segments) throws IOException {
    try (IndexWriter writer =
        new IndexWriter(directory, config(format).setMergePolicy(NoMergePolicy.INSTANCE))) {
      for (int s = 0; s < segments; s++) {
        add(writer, size() * s / segments, size() * (s + 1) / segments);
      }
    }
  }

  /**
   * Writes the whole index with three writers, and so three models, of one to three segments each.
   * The last one is tiny, one has no vectors.
   */
  void writeVaried(Directory directory, Set<Integer> deleted) throws IOException {
    int most = size() - 20;
    for (int w = 0; w < 3; w++) {
      IndexWriterConfig config = config(new IvfPqVectorsFormat(SMALL_LISTS));
      try (IndexWriter writer =
          new IndexWriter(directory, config.setMergePolicy(NoMergePolicy.INSTANCE))) {
        int segments = 1 + random.nextInt(3);
        for (int s = 0; s < segments; s++) {
          int parts = 3 * segments;
          int part = w * segments + s;
          add(writer, most * part / parts, most * (part + 1) / parts);
        }
        if (w == 1) {
          writer.addDocument(new Document());
          writer.flush();
        }
        if (w == 2) {
          add(writer, most, size());
          for (int id : deleted) {
            writer.deleteDocuments(new Term("id", "" + id));
          }
        }
      }
    }
  }

  static IndexWriterConfig config(KnnVectorsFormat format) {
    return new IndexWriterConfig().setCodec(codec(format)).setRAMBufferSizeMB(256);
  }

  static Codec codec(KnnVectorsFormat format) {
    return new Lucene104Codec() {
      @Override
      public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
        return format;
      }
    };
  }

  Query everything(float[] target, int k) {
    return new KnnFloatVectorQuery("v", target, k, null, EVERYTHING);
  }

  /** Documents with these ids. */
  static Query filter(Set<Integer> ids) {
    return new TermInSetQuery("id", ids.stream().map(id -> new BytesRef("" + id)).toList());
  }

  /**
   * All vectors scored at least {@code score}. Lucene 10.6 has one class more for it than 10.5, and
   * made the common one abstract.
   */
  static Query above(float[] target, float score) {
    return above("Adaptive", target, score);
  }

  /** The same in one of the forms of 10.6, {@code Adaptive} or {@code Explicit}. */
  static Query above(String form, float[] target, float score) {
    try {
      Class<?> type =
          Modifier.isAbstract(FloatVectorSimilarityQuery.class.getModifiers())
              ? Class.forName(FloatVectorSimilarityQuery.class.getName() + "$" + form)
              : FloatVectorSimilarityQuery.class;
      return (Query)
          type.getConstructor(String.class, float[].class, float.class)
              .newInstance("v", target, score);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  /** The k best accepted documents by brute force; ties by id. */
  List<Hit> exact(float[] target, int k, IntPredicate accepted) {
    List<Hit> hits = new ArrayList<>();
    for (int id = 0; id < vectors.length; id++) {
      if (vectors[id] != null && accepted.test(id)) {
        hits.add(new Hit(id, similarity.compare(target, vectors[id])));
      }
    }
    hits.sort(Comparator.comparingDouble(hit -> -hit.score));
    return hits.subList(0, Math.min(k, hits.size()));
  }

  static List<Hit> search(IndexReader reader, Query query, int k) throws IOException {
    return hits(reader, new IndexSearcher(reader).search(query, k).scoreDocs);
  }

  static List<Hit> hits(IndexReader reader, ScoreDoc[] scoreDocs) throws IOException {
    List<Hit> hits = new ArrayList<>();
    List<LeafReaderContext> leaves = reader.leaves();
    for (ScoreDoc scoreDoc : scoreDocs) {
      LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(scoreDoc.doc, leaves));
      NumericDocValues ids = leaf.reader().getNumericDocValues("id");
      assertTrue(ids.advanceExact(scoreDoc.doc - leaf.docBase));
      hits.add(new Hit((int) ids.longValue(), scoreDoc.score));
    }
    return hits;
  }

  /**
   * Every hit is accepted, distinct, and bears its own exact score; and the scores are those of the
   * brute-force hits. Vectors so alike that float arithmetic orders them by chance may change
   * places.
   */
  void assertExact(String what, float[] target, int k, IntPredicate accepted, List<Hit> hits) {
    List<Hit> expected = exact(target, k, accepted);
    assertEquals(what + ": hits", expected.size(), hits.size());
    assertOwnScores(what, target, accepted, hits);
    for (int i = 0; i < hits.size(); i++) {
      assertClose(what + ": hit " + i, expected.get(i).score, hits.get(i).score);
    }
  }

  /** Every hit is accepted, distinct, and bears its own exact score; best first. */
  void assertOwnScores(String what, float[] target, IntPredicate accepted, List<Hit> hits) {
    Set<Integer> ids = new HashSet<>();
    float previous = Float.POSITIVE_INFINITY;
    for (Hit hit : hits) {
      assertTrue(what + ": id " + hit.id + " twice", ids.add(hit.id));
      assertTrue(what + ": id " + hit.id + " is not accepted", accepted.test(hit.id));
      assertClose(what + ": id " + hit.id, similarity.compare(target, vectors[hit.id]), hit.score);
      assertTrue(what + ": order", hit.score <= previous);
      previous = hit.score;
    }
  }

  /**
   * The same documents with the same scores. Lucene's sums differ in the last bits between
   * interpreted and compiled code; then equal ones may come in another order.
   */
  static void assertSameHits(String what, TopDocs expected, TopDocs actual) {
    assertSameScores(what, expected, actual);
    ScoreDoc[] hits = expected.scoreDocs;
    for (int i = 0; i < hits.length; i++) {
      boolean tied =
          i + 1 == hits.length
              || isClose(hits[i].score, hits[i + 1].score)
              || i > 0 && isClose(hits[i].score, hits[i - 1].score);
      assertTrue(what + ", hit " + i, hits[i].doc == actual.scoreDocs[i].doc || tied);
    }
  }

  /** The same scores up to their last bits, whatever the numbers of the documents are. */
  static void assertSameScores(String what, TopDocs expected, TopDocs actual) {
    assertEquals(what, expected.scoreDocs.length, actual.scoreDocs.length);
    for (int i = 0; i < expected.scoreDocs.length; i++) {
      float score = expected.scoreDocs[i].score;
      assertEquals(
          what + ", hit " + i, score, actual.scoreDocs[i].score, 1e-5f * (1 + Math.abs(score)));
    }
  }

  private static boolean isClose(float a, float b) {
    return Math.abs(a - b) <= 1e-5f * (1 + Math.abs(a));
  }

  private static void assertClose(String what, float expected, float actual) {
    assertEquals(what, expected, actual, 1e-5 * Math.max(1e-3, Math.abs(expected)));
  }

  /** Number of hits that are as good as the k-th of brute force. */
  static int found(List<Hit> exact, List<Hit> hits) {
    float least = exact.get(exact.size() - 1).score;
    return (int) hits.stream().filter(hit -> hit.score >= least * (1 - 1e-6f)).count();
  }
}
