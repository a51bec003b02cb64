// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.apache.lucene.codecs.CodecUtil;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexFileNames;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.MergePolicy;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.SoftDeletesDirectoryReaderWrapper;
import org.apache.lucene.index.SoftDeletesRetentionMergePolicy;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.tests.util.LuceneTestCase;

/** What merges keep: every live vector, its neighbours, equal bytes, no leftovers. */
public class TestMergeSemantics extends LuceneTestCase {
  private static final int N = 2500;
  private static final int K = 10;

  private final KnnVectorsFormat format = new IvfPqVectorsFormat();

  private Corpus corpus() {
    VectorSimilarityFunction[] all = VectorSimilarityFunction.values();
    return corpus(all[random().nextInt(all.length)]);
  }

  private Corpus corpus(VectorSimilarityFunction similarity) {
    return Corpus.clustered(random(), N, 16 + 4 * random().nextInt(4), similarity);
  }

  private static void assertNeighbours(IndexReader reader, Corpus corpus, IntPredicate live)
      throws IOException {
    long expected = IntStream.range(0, corpus.size()).filter(id -> live.test(id)).count();
    assertEquals(expected, reader.numDocs());
    for (int i = 0; i < 10; i++) {
      float[] target = corpus.draw();
      for (int k : new int[] {K, 200}) {
        corpus.assertExact(
            corpus.similarity + " k=" + k,
            target,
            k,
            live,
            Corpus.search(reader, corpus.everything(target, k), k));
      }
    }
  }

  private static void assertListsIn(IndexReader reader) {
    assertEquals(1, reader.leaves().size());
    LeafReader leaf = reader.leaves().get(0).reader();
    assertTrue(IvfPqFieldStats.of(leaf, "v").orElseThrow().nlist() > 1);
  }

  /** Writes three segments, deletes from them, merges them to one. */
  private void assertMerged(Corpus corpus, IndexWriterConfig config, int step) throws IOException {
    try (Directory directory = newDirectory();
        IndexWriter writer = new IndexWriter(directory, config)) {
      corpus.add(writer, 0, N / 2);
      corpus.add(writer, N / 2, N / 2 + 30);
      corpus.add(writer, N / 2 + 30, N);
      for (int id = 0; step > 0 && id < N; id += step) {
        writer.deleteDocuments(new Term("id", "" + id));
      }
      IntPredicate live = id -> step == 0 || id % step != 0;
      try (DirectoryReader reader = DirectoryReader.open(writer)) {
        assertNeighbours(reader, corpus, live);
      }
      writer.forceMerge(1);
      try (DirectoryReader reader = DirectoryReader.open(writer)) {
        assertNeighbours(reader, corpus, live);
        assertListsIn(reader);
      }
    }
  }

  public void testForceMergeKeepsEveryNeighbour() throws IOException {
    assertMerged(corpus(), Corpus.config(format), 0);
  }

  public void testDeletedVectorsAreGoneBeforeAndAfterTheMerge() throws IOException {
    assertMerged(corpus(), Corpus.config(format), 3);
  }

  public void testSparseVectorsKeepTheirDocuments() throws IOException {
    assertMerged(corpus().sparse(0.4), Corpus.config(format), 7);
  }

  public void testIndexSortKeepsVectorsWithTheirDocuments() throws IOException {
    Sort backwards = new Sort(new SortField("id", SortField.Type.LONG, true));
    assertMerged(corpus(), Corpus.config(format).setIndexSort(backwards), 5);
    assertMerged(corpus().sparse(0.3), Corpus.config(format).setIndexSort(backwards), 5);
  }

  public void testSoftDeletedVectorsAreReplaced() throws IOException {
    Corpus corpus = corpus();
    IndexWriterConfig config =
        Corpus.config(format)
            .setSoftDeletesField("soft")
            .setMergePolicy(
                new SoftDeletesRetentionMergePolicy(
                    "soft", () -> new MatchNoDocsQuery("none is kept"), new TieredMergePolicy()));
    try (Directory directory = newDirectory();
        IndexWriter writer = new IndexWriter(directory, config)) {
      corpus.add(writer, 0, N);
      for (int id = 0; id < N; id += 4) {
        corpus.vectors[id] = corpus.draw();
        writer.softUpdateDocument(
            new Term("id", "" + id), corpus.document(id), new NumericDocValuesField("soft", 1));
      }
      for (int pass = 0; pass < 2; pass++) {
        try (DirectoryReader reader =
            new SoftDeletesDirectoryReaderWrapper(DirectoryReader.open(writer), "soft")) {
          assertNeighbours(reader, corpus, id -> true);
        }
        writer.forceMerge(1);
      }
    }
  }

  public void testAddedIndexesAreMergedIn() throws IOException {
    Corpus corpus = corpus();
    try (Directory first = newDirectory();
        Directory second = newDirectory()) {
      try (IndexWriter writer = new IndexWriter(first, Corpus.config(format))) {
        corpus.add(writer, 0, N / 2);
      }
      try (IndexWriter writer = new IndexWriter(second, Corpus.config(format))) {
        corpus.add(writer, N / 2, N);
      }
      try (Directory directory = newDirectory();
          IndexWriter writer = new IndexWriter(directory, Corpus.config(format))) {
        writer.addIndexes(first, second);
        writer.forceMerge(1);
        try (DirectoryReader reader = DirectoryReader.open(writer)) {
          assertNeighbours(reader, corpus, id -> true);
          assertListsIn(reader);
        }
      }
      try (Directory directory = newDirectory();
          IndexWriter writer = new IndexWriter(directory, Corpus.config(format));
          DirectoryReader one = DirectoryReader.open(first);
          DirectoryReader two = DirectoryReader.open(second)) {
        writer.addIndexes(
            (CodecReader) one.leaves().get(0).reader(), (CodecReader) two.leaves().get(0).reader());
        try (DirectoryReader reader = DirectoryReader.open(writer)) {
          assertNeighbours(reader, corpus, id -> true);
          assertListsIn(reader);
        }
      }
    }
  }

  public void testForeignFormatIsMergedInAndOut() throws IOException {
    Corpus corpus = corpus().sparse(0.1);
    KnnVectorsFormat hnsw = new Lucene99HnswVectorsFormat();
    try (Directory directory = newDirectory()) {
      try (IndexWriter writer = new IndexWriter(directory, Corpus.config(hnsw))) {
        corpus.add(writer, 0, N / 2);
      }
      try (IndexWriter writer =
          new IndexWriter(
              directory, Corpus.config(format).setMergePolicy(NoMergePolicy.INSTANCE))) {
        corpus.add(writer, N / 2, N);
        writer.deleteDocuments(new Term("id", "1"), new Term("id", "" + (N - 1)));
      }
      IntPredicate live = id -> id != 1 && id != N - 1;
      try (IndexWriter writer = new IndexWriter(directory, Corpus.config(format))) {
        writer.forceMerge(1);
        try (DirectoryReader reader = DirectoryReader.open(writer)) {
          assertNeighbours(reader, corpus, live);
          assertListsIn(reader);
          assertValues(reader, corpus, live);
        }
        writer.deleteDocuments(new Term("id", "2"));
      }
      try (IndexWriter writer = new IndexWriter(directory, Corpus.config(hnsw))) {
        writer.forceMerge(1);
        try (DirectoryReader reader = DirectoryReader.open(writer)) {
          LeafReader leaf = reader.leaves().get(0).reader();
          assertTrue("still ours", IvfPqFieldStats.of(leaf, "v").isEmpty());
          assertValues(reader, corpus, id -> id != 2 && live.test(id));
        }
      }
    }
  }

  /** Every live document has its own vector, bit by bit, and no other document has one. */
  private static void assertValues(DirectoryReader reader, Corpus corpus, IntPredicate live)
      throws IOException {
    int seen = 0;
    for (LeafReaderContext leaf : reader.leaves()) {
      FloatVectorValues values = leaf.reader().getFloatVectorValues("v");
      NumericDocValues ids = leaf.reader().getNumericDocValues("id");
      KnnVectorValues.DocIndexIterator docs = values.iterator();
      while (docs.nextDoc() != KnnVectorValues.DocIndexIterator.NO_MORE_DOCS) {
        assertTrue(ids.advanceExact(docs.docID()));
        int id = (int) ids.longValue();
        assertTrue("id " + id, live.test(id));
        assertArrayEquals("id " + id, corpus.vectors[id], values.vectorValue(docs.index()), 0);
        seen++;
      }
    }
    long expected =
        IntStream.range(0, N).filter(id -> live.test(id) && corpus.vectors[id] != null).count();
    assertEquals(expected, seen);
  }

  public void testMergedBytesDependOnTheSeedButNotOnTheThreads() throws Exception {
    Corpus corpus = Corpus.clustered(random(), 7000, 16, VectorSimilarityFunction.EUCLIDEAN);
    ExecutorService pool = Executors.newFixedThreadPool(3);
    AtomicInteger tasks = new AtomicInteger();
    try {
      Map<String, byte[]> alone = mergedBytes(corpus, 7, Runnable::run);
      Map<String, byte[]> helped =
          mergedBytes(
              corpus,
              7,
              task -> {
                tasks.incrementAndGet();
                pool.execute(task);
              });
      assertTrue("the executor was not used", tasks.get() > 0);
      assertEquals(2, alone.size());
      assertEquals(alone.keySet(), helped.keySet());
      Map<String, byte[]> otherSeed = mergedBytes(corpus, 8, Runnable::run);
      for (String extension : alone.keySet()) {
        assertArrayEquals(extension, alone.get(extension), helped.get(extension));
        assertFalse(extension, Arrays.equals(alone.get(extension), otherSeed.get(extension)));
      }
    } finally {
      pool.shutdown();
      assertTrue(pool.awaitTermination(10, TimeUnit.SECONDS));
    }
  }

  /** Model and lists of a merged segment by extension, without what names the segment. */
  private static Map<String, byte[]> mergedBytes(Corpus corpus, long seed, Executor executor)
      throws IOException {
    TieredMergePolicy merges = new TieredMergePolicy();
    merges.setNoCFSRatio(0);
    // Other numbers of lists in the segments than in what they become: it is trained anew.
    KnnVectorsFormat flushed = new IvfPqVectorsFormat("IVF8,PQ4x4fsr,RFlat");
    IndexWriterConfig config =
        Corpus.config(new IvfPqVectorsFormat(IvfPqParameters.DEFAULT.withSeed(seed)))
            .setUseCompoundFile(false)
            .setMergePolicy(merges)
            .setMergeScheduler(
                new SerialMergeScheduler() {
                  @Override
                  public Executor getIntraMergeExecutor(MergePolicy.OneMerge merge) {
                    return executor;
                  }
                });
    Map<String, byte[]> bytes = new HashMap<>();
    try (Directory directory = new ByteBuffersDirectory()) {
      try (IndexWriter writer = new IndexWriter(directory, Corpus.config(flushed))) {
        corpus.add(writer, 0, 4000);
        corpus.add(writer, 4000, corpus.size());
      }
      try (IndexWriter writer = new IndexWriter(directory, config)) {
        writer.forceMerge(1);
      }
      for (String file : directory.listAll()) {
        String extension = IndexFileNames.getExtension(file);
        if ("ivfq".equals(extension) || "ivfl".equals(extension)) {
          String name = extension.equals("ivfq") ? "IvfPqModel" : "IvfPqLists";
          String suffix = IndexFileNames.stripExtension(IndexFileNames.stripSegmentName(file));
          int header = CodecUtil.indexHeaderLength(name, suffix.substring(1));
          try (IndexInput in = directory.openInput(file, IOContext.DEFAULT)) {
            in.seek(header);
            byte[] body = new byte[(int) in.length() - header - CodecUtil.footerLength()];
            in.readBytes(body, 0, body.length);
            assertNull(bytes.put(extension, body));
          }
        }
      }
    }
    return bytes;
  }

  public void testRollbackDuringAMergeLeavesNoTemporaryFile() throws Exception {
    Corpus corpus = corpus(VectorSimilarityFunction.EUCLIDEAN);
    CountDownLatch encoding = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger flushes = new AtomicInteger();
    try (Directory directory = newDirectory()) {
      Directory watched =
          new FilterDirectory(directory) {
            @Override
            public IndexOutput createTempOutput(String prefix, String suffix, IOContext context)
                throws IOException {
              IndexOutput out = super.createTempOutput(prefix, suffix, context);
              if (suffix.contains("ivfpq") && flushes.incrementAndGet() > 1) {
                encoding.countDown();
                try {
                  // Rollback sets the mark that aborts merges, then waits for them.
                  go.await(1, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
              }
              return out;
            }
          };
      KnnVectorsFormat flushed = new IvfPqVectorsFormat("IVF8,PQ4x4fsr,RFlat");
      try (IndexWriter writer = new IndexWriter(directory, Corpus.config(flushed))) {
        corpus.add(writer, 0, N / 2);
      }
      IndexWriter writer =
          new IndexWriter(
              watched, Corpus.config(format).setMergeScheduler(new ConcurrentMergeScheduler()));
      corpus.add(writer, N / 2, N);
      writer.commit();
      assertEquals("each flush encodes", 1, flushes.get());
      writer.forceMerge(1, false);
      assertTrue(encoding.await(30, TimeUnit.SECONDS));
      writer.rollback();
      go.countDown();
      for (String file : directory.listAll()) {
        assertFalse(file, file.endsWith(".tmp"));
      }
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        assertEquals("the merge was aborted", 2, reader.leaves().size());
        assertNeighbours(reader, corpus, id -> true);
      }
      assertEquals(
          Collections.emptyList(),
          Arrays.stream(directory.listAll()).filter(file -> file.startsWith("_2")).toList());
    }
  }
}
