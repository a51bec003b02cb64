// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import java.util.Arrays;
import java.util.List;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.tests.util.LuceneTestCase;

/** Models trained in advance: what they are used for, how they are kept, what is refused. */
public class TestModel extends LuceneTestCase {
  private final IvfPqParameters parameters = IvfPqParameters.DEFAULT;

  public void testEverySegmentSharesTheModelOfTheFormat() throws Exception {
    VectorSimilarityFunction[] all = VectorSimilarityFunction.values();
    VectorSimilarityFunction similarity = all[random().nextInt(all.length)];
    Corpus corpus = Corpus.clustered(random(), 8000, 20, similarity);
    IvfPqModel trained =
        IvfPqModel.train(Arrays.asList(corpus.vectors), similarity, 40_000, parameters);
    assertEquals(400, trained.nlist());
    try (Directory directory = newDirectory()) {
      trained.save(directory, "voices.model");
      IvfPqModel loaded = IvfPqModel.load(directory, "voices.model");
      assertEquals(20, loaded.dims());
      assertEquals(similarity, loaded.similarity());
      assertEquals(400, loaded.nlist());
      // Two writers with formats of their own: only the model is common.
      for (IvfPqModel model : List.of(trained, loaded)) {
        int from = model == trained ? 0 : 4000;
        try (IndexWriter writer =
            new IndexWriter(
                directory,
                Corpus.config(new IvfPqVectorsFormat(parameters, model))
                    .setMergePolicy(NoMergePolicy.INSTANCE))) {
          corpus.add(writer, from, from + 4000);
        }
      }
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        assertEquals(2, reader.leaves().size());
        byte[] fingerprint = null;
        for (LeafReaderContext leaf : reader.leaves()) {
          byte[] own = LeafVectors.of(leaf.reader(), "v").meta("v").lists().fingerprint();
          fingerprint = fingerprint == null ? own : fingerprint;
          assertArrayEquals(fingerprint, own);
        }
        float[] target = corpus.draw();
        corpus.assertExact(
            "hits",
            target,
            10,
            id -> true,
            Corpus.search(reader, corpus.everything(target, 10), 10));
      }
    }
  }

  public void testWhatIsRefused() throws Exception {
    VectorSimilarityFunction euclidean = VectorSimilarityFunction.EUCLIDEAN;
    Corpus corpus = Corpus.clustered(random(), 100, 8, euclidean);
    List<float[]> sample = Arrays.asList(corpus.vectors);
    assertRefused(
        "a model of 256 lists needs a sample of at least as many vectors, better 16384; got 100",
        () -> IvfPqModel.train(sample, euclidean, 10_000, parameters));
    assertRefused(
        "500 vectors get no lists; a segment of so few is scanned exactly, no model needed",
        () -> IvfPqModel.train(sample, euclidean, 500, parameters));
    float[][] same = new float[2000][8];
    assertRefused(
        "float arithmetic cannot tell the 2000 vectors of the sample apart",
        () -> IvfPqModel.train(Arrays.asList(same), euclidean, 10_000, parameters));
    Corpus many = Corpus.clustered(random(), 2000, 8, euclidean);
    IvfPqModel model = IvfPqModel.train(Arrays.asList(many.vectors), euclidean, 10_000, parameters);
    assertRefused(
        "the model was trained for factory=\"\", the format has factory=\"IVF8,Flat\"",
        () -> new IvfPqVectorsFormat(IvfPqParameters.of("IVF8,Flat"), model));
  }

  /** Any single byte changed, or any cut, is found. */
  public void testDamagedFilesAreRefused() throws Exception {
    Corpus corpus = Corpus.clustered(random(), 2000, 8, VectorSimilarityFunction.EUCLIDEAN);
    try (Directory directory = new ByteBuffersDirectory()) {
      IvfPqModel.train(
              Arrays.asList(corpus.vectors), VectorSimilarityFunction.EUCLIDEAN, 2000, parameters)
          .save(directory, "m");
      byte[] bytes;
      try (IndexInput in = directory.openInput("m", IOContext.READONCE)) {
        bytes = new byte[(int) in.length()];
        in.readBytes(bytes, 0, bytes.length);
      }
      for (int i = 0; i < 200; i++) {
        byte[] damaged = bytes.clone();
        boolean cut = random().nextBoolean();
        int at = random().nextInt(bytes.length);
        if (cut) {
          damaged = Arrays.copyOf(bytes, at);
        } else {
          damaged[at] ^= (byte) (1 << random().nextInt(8));
        }
        String name = "d" + i;
        try (IndexOutput out = directory.createOutput(name, IOContext.DEFAULT)) {
          out.writeBytes(damaged, damaged.length);
        }
        CorruptIndexException e =
            expectThrows(CorruptIndexException.class, () -> IvfPqModel.load(directory, name));
        assertTrue(e.getMessage(), e.getMessage().contains("resource="));
      }
    }
  }

  private static void assertRefused(String message, ThrowingRunnable call) {
    assertEquals(message, expectThrows(IllegalArgumentException.class, call).getMessage());
  }
}
