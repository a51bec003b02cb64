// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import dev.ivfpq.disk.FieldMeta;
import dev.ivfpq.disk.ListDirectory;
import dev.ivfpq.disk.ListsReader;
import dev.ivfpq.kernel.CodeBlocks;
import dev.ivfpq.search.IvfPqVectorsReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntPredicate;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.apache.lucene.util.InfoStream;

/** Which rung of the merge ladder is taken, as the InfoStream tells, and that hits stay right. */
public class TestMergeLadder extends LuceneTestCase {
  private static final String SHARED = "all segments share the model";
  private static final String TRAINED = "trained in ";

  private final List<String> said = Collections.synchronizedList(new ArrayList<>());

  private Corpus corpus(int n) {
    VectorSimilarityFunction[] all = VectorSimilarityFunction.values();
    return Corpus.clustered(random(), n, 16 + 4 * random().nextInt(4), all[random().nextInt(4)]);
  }

  private IndexWriterConfig config(KnnVectorsFormat format) {
    return Corpus.config(format)
        .setMergePolicy(NoMergePolicy.INSTANCE)
        .setInfoStream(
            new InfoStream() {
              @Override
              public void message(String component, String message) {
                said.add(message);
              }

              @Override
              public boolean isEnabled(String component) {
                return component.equals("IVF");
              }

              @Override
              public void close() {}
            });
  }

  /** What was said of the last segment's model. */
  private void assertSaid(String expected) {
    String last =
        said.stream()
            .filter(message -> message.contains("model: ") || message.contains("exactly"))
            .reduce((a, b) -> b)
            .orElseThrow();
    assertTrue(last, last.contains(expected));
  }

  private void merge(Directory directory, IndexWriterConfig config) throws IOException {
    try (IndexWriter writer =
        new IndexWriter(directory, config.setMergePolicy(new TieredMergePolicy()))) {
      writer.forceMerge(1);
    }
  }

  private static void assertHits(Directory directory, Corpus corpus, IntPredicate live)
      throws IOException {
    try (DirectoryReader reader = DirectoryReader.open(directory)) {
      IvfPqVectorsReader vectors = LeafVectors.of(reader.leaves().get(0).reader(), "v");
      assertMembers(vectors.lists("v"), vectors.meta("v"));
      for (int i = 0; i < 10; i++) {
        float[] target = corpus.draw();
        corpus.assertExact(
            corpus.similarity.toString(),
            target,
            20,
            live,
            Corpus.search(reader, corpus.everything(target, 20), 20));
      }
    }
  }

  /** The members say of each ordinal in which list it is. */
  private static void assertMembers(ListsReader lists, FieldMeta meta) throws IOException {
    int found = 0;
    for (int list = 0; list < meta.lists().nlist(); list++) {
      ListDirectory.Entry entry = lists.directory().entry(list);
      for (int i = 0; i < entry.size(); i++) {
        int ordinal = lists.ordinal((long) entry.firstBlock() * CodeBlocks.BLOCK + i);
        assertEquals("list of ordinal " + ordinal, list, lists.listOf(ordinal));
        found++;
      }
    }
    assertEquals(meta.n(), found);
  }

  private static String fingerprint(Directory directory) throws IOException {
    try (DirectoryReader reader = DirectoryReader.open(directory)) {
      IvfPqVectorsReader vectors = LeafVectors.of(reader.leaves().get(0).reader(), "v");
      return HexFormat.of().formatHex(vectors.meta("v").lists().fingerprint());
    }
  }

  public void testFlushesShareAModelAndTheirMergeCopiesCodes() throws Exception {
    Corpus corpus = corpus(9000).sparse(random().nextInt(3) * .1);
    boolean sorted = random().nextBoolean();
    IntPredicate live = id -> id % 7 != 3;
    try (Directory directory = newDirectory()) {
      KnnVectorsFormat format = new IvfPqVectorsFormat();
      IndexWriterConfig config = config(format);
      if (sorted) {
        // Descending: every segment's documents change places.
        config.setIndexSort(new Sort(new SortField("id", SortField.Type.LONG, true)));
      }
      try (IndexWriter writer = new IndexWriter(directory, config)) {
        corpus.add(writer, 0, 4000);
        assertSaid(TRAINED);
        corpus.add(writer, 4000, 6500);
        assertSaid("the last one fits, drift ");
        corpus.add(writer, 6500, 9000);
        assertSaid("the last one fits, drift ");
        for (int id = 3; id < 9000; id += 7) {
          writer.deleteDocuments(new Term("id", "" + id));
        }
      }
      String before = fingerprint(directory);
      IndexWriterConfig merging = config(new IvfPqVectorsFormat());
      if (sorted) {
        merging.setIndexSort(config.getIndexSort());
      }
      merge(directory, merging);
      assertSaid(SHARED);
      assertEquals("the model was copied to the bit", before, fingerprint(directory));
      assertHits(directory, corpus, live);
    }
  }

  public void testSegmentsOfAnotherModelAreEncodedWithTheDominantOne() throws Exception {
    Corpus corpus = corpus(6000);
    try (Directory directory = newDirectory()) {
      // Two writers with formats of their own: models of different seeds.
      try (IndexWriter writer = new IndexWriter(directory, config(new IvfPqVectorsFormat()))) {
        corpus.add(writer, 0, 3000);
        corpus.add(writer, 3000, 4500);
      }
      String dominant = fingerprint(directory);
      IvfPqParameters other = IvfPqParameters.DEFAULT.withSeed(7);
      try (IndexWriter writer = new IndexWriter(directory, config(new IvfPqVectorsFormat(other)))) {
        corpus.add(writer, 4500, 6000);
        assertSaid(TRAINED);
      }
      merge(directory, config(new IvfPqVectorsFormat()));
      assertSaid("2 of 3 segments share it, drift ");
      assertSaid("1500 vectors encoded");
      assertEquals(dominant, fingerprint(directory));
      assertHits(directory, corpus, id -> true);
    }
  }

  public void testVectorsUnlikeThoseTheModelKnowsTrainAnew() throws Exception {
    Corpus corpus = Corpus.clustered(random(), 6000, 16, VectorSimilarityFunction.EUCLIDEAN);
    for (int id = 3000; id < 6000; id++) {
      for (int j = 0; j < 16; j++) {
        corpus.vectors[id][j] = 3 * corpus.vectors[id][j] + 20;
      }
    }
    try (Directory directory = newDirectory()) {
      try (IndexWriter writer = new IndexWriter(directory, config(new IvfPqVectorsFormat()))) {
        corpus.add(writer, 0, 3000);
        corpus.add(writer, 3000, 6000);
        assertSaid(TRAINED);
        assertSaid("drift ");
      }
      merge(directory, config(new IvfPqVectorsFormat()));
      assertSaid(TRAINED);
      assertSaid("drift ");
      assertHits(directory, corpus, id -> true);
    }
  }

  public void testGrowthBeyondTenTimesTrainsAnew() throws Exception {
    Corpus corpus = Corpus.clustered(random(), 16000, 8, VectorSimilarityFunction.EUCLIDEAN);
    try (Directory directory = newDirectory()) {
      try (IndexWriter writer = new IndexWriter(directory, config(new IvfPqVectorsFormat()))) {
        corpus.add(writer, 0, 1200);
        corpus.add(writer, 1200, 16000);
        assertSaid("50 lists are too many or too few");
      }
      merge(directory, config(new IvfPqVectorsFormat()));
      // The larger segment's model is the dominant one, and fits.
      assertSaid("1 of 2 segments share it");
      assertHits(directory, corpus, id -> true);
    }
  }

  public void testAnotherStructureTrainsAnew() throws Exception {
    Corpus corpus = corpus(4000);
    try (Directory directory = newDirectory()) {
      try (IndexWriter writer = new IndexWriter(directory, config(new IvfPqVectorsFormat()))) {
        corpus.add(writer, 0, 2000);
        corpus.add(writer, 2000, 4000);
      }
      merge(directory, config(new IvfPqVectorsFormat("IVF32,PQ4x4fsr,RFlat")));
      assertSaid("another structure is asked for");
      assertHits(directory, corpus, id -> true);
    }
  }

  public void testWritersOnOtherDirectoriesDoNotShare() throws Exception {
    Corpus corpus = corpus(2500);
    KnnVectorsFormat format = new IvfPqVectorsFormat();
    for (int i = 0; i < 2; i++) {
      try (Directory directory = new ByteBuffersDirectory();
          IndexWriter writer = new IndexWriter(directory, config(format))) {
        corpus.add(writer, 0, 2500);
        assertSaid("there is none");
      }
    }
  }
}
