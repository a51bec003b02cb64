// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.disk;

import com.carrotsearch.randomizedtesting.annotations.TimeoutSuite;
import dev.ivfpq.IvfPqParameters;
import dev.ivfpq.IvfPqSearchParameters;
import dev.ivfpq.IvfPqVectorsFormat;
import dev.ivfpq.search.IvfPqVectorsReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FilterLeafReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.FloatVectorSimilarityQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.tests.store.MockDirectoryWrapper;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.apache.lucene.tests.util.TestUtil;

/**
 * Alters one of the format's files at a time: opening or {@code checkIntegrity} must refuse it with
 * a message that names file or field, and a search of what opens must end, fail as a corrupt index
 * or not at all, and return no score that is not exact.
 */
@TimeoutSuite(millis = 300_000)
public class TestCorruption extends LuceneTestCase {
  private static final int N = 1500;
  private static final int D = 8;
  private static final int FLIPS = 150;
  private static final String[] EXTENSIONS = {"ivfm", "ivfq", "ivfl"};

  private Path path;
  private float[][] vectors;

  public void testFlippedBitsOfDefaultFormat() throws IOException {
    write("");
    for (String extension : EXTENSIONS) {
      flipBits(extension);
    }
  }

  public void testFlippedBitsWithoutCodes() throws IOException {
    write("IVF20,Flat");
    for (String extension : EXTENSIONS) {
      flipBits(extension);
    }
  }

  public void testEveryFlippedBitOfMetadata() throws IOException {
    write("IVF20,PQ4x4fsr,RFlat");
    int length = read("ivfm").length;
    for (int at = 0; at < length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        flip("ivfm", at, bit);
      }
    }
  }

  /** What steers a search: the directory and the ordinals behind it. */
  public void testEveryFlippedByteOfDirectory() throws IOException {
    write("IVF20,PQ4x4fsr,RFlat");
    byte[] lists = read("ivfl");
    // 12 bits an ordinal, one byte of padding, 8 bits a member, 16 of footer.
    int blocks = (lists.length - 64 - 20 * 8 - 1 - N - 16) / (2 * 64 + 256 + 64 * 12 / 8);
    int directory = 64 + blocks * (2 * 64 + 256);
    for (int at = directory; at < directory + 20 * 8; at++) {
      flip("ivfl", at, random().nextInt(8));
    }
  }

  public void testFlippedBitsOfOrdinalsAreRefusedOrHarmless() throws IOException {
    write("IVF20,Flat");
    int ordinals = 64 + 20 * 8;
    int length = read("ivfl").length;
    for (int at = ordinals; at < length - 16; at += TestUtil.nextInt(random(), 1, 24)) {
      flip("ivfl", at, random().nextInt(8));
    }
  }

  public void testMembersBeyondTheListsAreRefused() throws IOException {
    write("IVF20,Flat");
    byte[] bytes = read("ivfl");
    // 8 bits a member, 16 of footer.
    int members = bytes.length - 16 - N;
    int ordinal = random().nextInt(N);
    bytes[members + ordinal] = (byte) TestUtil.nextInt(random(), 20, 255);
    write("ivfl", bytes);
    try (Directory directory = open();
        DirectoryReader reader = DirectoryReader.open(directory)) {
      CodecReader leaf = (CodecReader) FilterLeafReader.unwrap(reader.leaves().get(0).reader());
      ListsReader lists = IvfPqVectorsReader.of(leaf.getVectorReader(), "v").lists("v");
      for (int other = 0; other < N; other++) {
        if (other != ordinal) {
          assertTrue(lists.listOf(other) < 20);
        }
      }
      CorruptIndexException refusal =
          expectThrows(CorruptIndexException.class, () -> lists.listOf(ordinal));
      String expected =
          "ordinal "
              + ordinal
              + " is said to be in list "
              + (bytes[members + ordinal] & 0xff)
              + ", the field has 20 lists; restore the segment from a copy or re-index";
      assertTrue(refusal.getMessage(), refusal.getMessage().startsWith(expected));
      assertNames("a member out of bounds", "ivfl", refusal);
    }
  }

  public void testTruncatedFilesAreRefusedAtOpen() throws IOException {
    write("");
    for (String extension : EXTENSIONS) {
      byte[] bytes = read(extension);
      Set<Integer> borders = new TreeSet<>(List.of(0, 1, 4, 5, 14, 15, 19, 35, 36, 43, 44, 64));
      for (int border = 64; border < bytes.length; border += Math.max(64, bytes.length / 64)) {
        borders.add(border);
      }
      for (int back : new int[] {1, 4, 8, 12, 15, 16, 17, 20, 64}) {
        borders.add(bytes.length - back);
      }
      for (int border : borders) {
        String what = extension + " cut to " + border + " of " + bytes.length + " bytes";
        write(extension, Arrays.copyOf(bytes, border));
        try (Directory directory = open()) {
          IOException refusal =
              expectThrows(IOException.class, what, () -> DirectoryReader.open(directory).close());
          assertNames(what, extension, refusal);
        }
      }
      write(extension, bytes);
    }
  }

  public void testBytesAppendedToAFileAreRefusedAtOpen() throws IOException {
    write("");
    for (String extension : EXTENSIONS) {
      byte[] bytes = read(extension);
      int more = TestUtil.nextInt(random(), 1, 200);
      write(extension, Arrays.copyOf(bytes, bytes.length + more));
      try (Directory directory = open()) {
        IOException refusal =
            expectThrows(
                IOException.class, extension, () -> DirectoryReader.open(directory).close());
        assertNames(extension + " with " + more + " more bytes", extension, refusal);
      }
      write(extension, bytes);
    }
  }

  private void flipBits(String extension) throws IOException {
    int length = read(extension).length;
    for (int i = 0; i < FLIPS; i++) {
      flip(extension, random().nextInt(length), random().nextInt(8));
    }
  }

  /** Alters one bit, checks, and puts it back. */
  private void flip(String extension, int at, int bit) throws IOException {
    byte[] bytes = read(extension);
    String what = "bit " + bit + " of byte " + at + " of " + bytes.length + " of ." + extension;
    bytes[at] ^= (byte) (1 << bit);
    write(extension, bytes);
    try (Directory directory = open()) {
      checkAltered(what, extension, directory);
    } finally {
      bytes[at] ^= (byte) (1 << bit);
      write(extension, bytes);
    }
  }

  private void checkAltered(String what, String extension, Directory directory) throws IOException {
    DirectoryReader opened;
    try {
      opened = DirectoryReader.open(directory);
    } catch (IOException e) {
      assertNames(what, extension, e);
      return;
    } catch (RuntimeException | Error e) {
      throw new AssertionError("opening with " + what, e);
    }
    try (DirectoryReader reader = opened) {
      assertEquals("only lists may open with " + what, "ivfl", extension);
      LeafReader leaf = reader.leaves().get(0).reader();
      CorruptIndexException found =
          expectThrows(CorruptIndexException.class, what, leaf::checkIntegrity);
      assertNames(what, extension, found);
      for (int i = 0; i < 4; i++) {
        search(what, reader);
      }
    }
  }

  private void search(String what, DirectoryReader reader) throws IOException {
    float[] target = vectors[random().nextInt(N)].clone();
    target[random().nextInt(D)] += random().nextFloat();
    Query filter = random().nextBoolean() ? null : new TermQuery(new Term("even", "true"));
    IvfPqSearchParameters settings =
        random().nextBoolean()
            ? IvfPqSearchParameters.DEFAULT
            : IvfPqSearchParameters.DEFAULT.withNprobe(1000).withKFactor(20);
    Query query =
        random().nextInt(4) == 0
            ? new FloatVectorSimilarityQuery("v", target, .2f, filter)
            : new KnnFloatVectorQuery(
                "v", target, TestUtil.nextInt(random(), 1, 60), filter, settings);
    ScoreDoc[] hits;
    try {
      hits = new IndexSearcher(reader).search(query, N).scoreDocs;
    } catch (CorruptIndexException e) {
      assertNames(what, "ivfl", e);
      return;
    } catch (IOException | RuntimeException | Error e) {
      throw new AssertionError("searching " + query + " with " + what, e);
    }
    Set<Integer> docs = new HashSet<>();
    for (ScoreDoc hit : hits) {
      float exact = VectorSimilarityFunction.EUCLIDEAN.compare(target, vectors[hit.doc]);
      assertEquals("score of " + hit + " with " + what, exact, hit.score, 1e-5);
      assertTrue(hit + " twice with " + what, docs.add(hit.doc));
      assertTrue(hit + " passes the filter with " + what, filter == null || hit.doc % 2 == 0);
    }
  }

  /**
   * A refusal names the altered file, or the field whose entry does not fit it. Lucene wraps the
   * end of a file, where a damaged header may lead, in a sentence about the whole index.
   */
  private static void assertNames(String what, String extension, IOException refusal) {
    for (Throwable cause = refusal; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      if (message.contains("." + extension) || message.contains("field \"v\"")) {
        return;
      }
    }
    throw new AssertionError(
        "\"" + refusal + "\" names neither file nor field with " + what, refusal);
  }

  private void write(String factory) throws IOException {
    path = createTempDir();
    vectors = new float[N][D];
    float[][] centres = new float[15][D];
    for (float[] centre : centres) {
      for (int j = 0; j < D; j++) {
        centre[j] = (float) random().nextGaussian();
      }
    }
    IndexWriterConfig config =
        new IndexWriterConfig()
            .setCodec(
                TestUtil.alwaysKnnVectorsFormat(
                    new IvfPqVectorsFormat(
                        IvfPqParameters.DEFAULT
                            .withMaxModelShare(1)
                            .withFactory(factory)
                            .withExactBelow(4)
                            .withMinVectorsPerList(2))))
            .setMergePolicy(NoMergePolicy.INSTANCE)
            .setMaxBufferedDocs(N + 2)
            .setRAMBufferSizeMB(IndexWriterConfig.DISABLE_AUTO_FLUSH)
            .setUseCompoundFile(false);
    try (Directory directory = FSDirectory.open(path);
        IndexWriter writer = new IndexWriter(directory, config)) {
      for (int i = 0; i < N; i++) {
        float[] centre = centres[random().nextInt(centres.length)];
        for (int j = 0; j < D; j++) {
          vectors[i][j] = centre[j] + .3f * (float) random().nextGaussian();
        }
        Document document = new Document();
        document.add(new KnnFloatVectorField("v", vectors[i]));
        document.add(new StringField("even", String.valueOf(i % 2 == 0), Field.Store.NO));
        writer.addDocument(document);
      }
    }
    List<String> names = new ArrayList<>();
    try (Directory directory = open();
        DirectoryReader reader = DirectoryReader.open(directory)) {
      names.addAll(List.of(directory.listAll()));
      assertEquals(1, reader.leaves().size());
      search("nothing altered", reader);
    }
    assertTrue(names.toString(), names.contains("_0_IvfPq1_0.ivfl"));
    assertTrue("the field has lists", read("ivfl").length > N);
  }

  /** Memory-mapped as in production; with a wrapper now and then that reports files left open. */
  private Directory open() throws IOException {
    MMapDirectory mapped = new MMapDirectory(path);
    if (random().nextBoolean()) {
      return mapped;
    }
    MockDirectoryWrapper checked = new MockDirectoryWrapper(random(), mapped);
    checked.setCheckIndexOnClose(false);
    return checked;
  }

  private Path file(String extension) {
    return path.resolve("_0_IvfPq1_0." + extension);
  }

  private byte[] read(String extension) throws IOException {
    return Files.readAllBytes(file(extension));
  }

  private void write(String extension, byte[] bytes) throws IOException {
    // A new file each time: the last one may still be mapped.
    Files.delete(file(extension));
    Files.write(file(extension), bytes);
  }
}
