// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.disk;

import dev.ivfpq.IvfPqParameters;
import dev.ivfpq.IvfPqVectorsFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Random;
import java.util.zip.CRC32;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.ByteBuffersDataOutput;
import org.apache.lucene.store.ByteBuffersIndexOutput;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.tests.util.LuceneTestCase;
import org.apache.lucene.tests.util.TestUtil;
import org.apache.lucene.util.packed.DirectWriter;

/**
 * Reads segments as FORMAT.md describes them, with nothing of the production reader: whatever this
 * class knows about the bytes it knows from that page.
 */
public class TestFormatDescription extends LuceneTestCase {
  private static final IvfPqParameters SMALL =
      IvfPqParameters.DEFAULT.withExactBelow(4).withMinVectorsPerList(2).withMaxModelShare(1);
  private static final IvfPqParameters TINY =
      IvfPqParameters.DEFAULT.withExactBelow(1).withMinVectorsPerList(1);
  private static final int BLOCK = 64;

  public void testResidualCodesUnderEuclidean() throws Exception {
    check(SMALL, data(2000, 8), VectorSimilarityFunction.EUCLIDEAN, true);
  }

  public void testResidualCodesUnderCosine() throws Exception {
    check(SMALL, data(2000, 8), VectorSimilarityFunction.COSINE, true);
  }

  public void testResidualCodesUnderMaximumInnerProduct() throws Exception {
    check(SMALL, data(2000, 8), VectorSimilarityFunction.MAXIMUM_INNER_PRODUCT, true);
  }

  public void testCodesOfVectorsThemselves() throws Exception {
    check(
        SMALL.withFactory("IVF13,PQ3x4fs,RFlat"),
        data(300, 6),
        VectorSimilarityFunction.EUCLIDEAN,
        false);
  }

  public void testResidualCodesOfOneListLongerThanABlock() throws Exception {
    check(
        SMALL.withFactory("IVF2,PQ3x4fsr"), data(300, 6), VectorSimilarityFunction.EUCLIDEAN, true);
  }

  public void testOrdinalsOnly() throws Exception {
    check(
        SMALL.withFactory("PCAR4,IVF9,Flat"),
        data(200, 6),
        VectorSimilarityFunction.EUCLIDEAN,
        false);
  }

  public void testDotProductOfUnitVectors() throws Exception {
    float[][] vectors = data(500, 8);
    for (float[] vector : vectors) {
      normalize(vector);
    }
    check(
        SMALL.withFactory("OPQ4,IVF8,PQ4x4fsr,RFlat"),
        vectors,
        VectorSimilarityFunction.DOT_PRODUCT,
        true);
  }

  public void testCodedCentroids() throws Exception {
    IvfPqParameters parameters = TINY.withFactory("IVF2100,PQ3x4fsr,RFlat");
    check(parameters, data(3000, 6), VectorSimilarityFunction.EUCLIDEAN, true);
    check(parameters, data(3000, 6), VectorSimilarityFunction.MAXIMUM_INNER_PRODUCT, true);
  }

  /** The field that FORMAT.md prints. */
  public void testPrintedField() throws Exception {
    float[][] vectors = {{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 2, 1}};
    IvfPqParameters parameters = TINY.withFactory("IVF2,PQ2x4fsr,RFlat");
    Segment segment = check(parameters, vectors, VectorSimilarityFunction.EUCLIDEAN, true);
    String page = formatPage();
    for (String part : new String[] {"ivfm", "ivfq", "ivfl"}) {
      byte[] printed = printed(page, part);
      byte[] actual = segment.bytes(part).clone();
      // The segment's id is drawn at random and the checksum follows from it.
      int id = 4 + 1 + printed[4] + 4;
      System.arraycopy(printed, id, actual, id, 16);
      System.arraycopy(printed, printed.length - 8, actual, actual.length - 8, 8);
      assertEquals(part, dump(printed), dump(actual));
      CRC32 crc = new CRC32();
      crc.update(printed, 0, printed.length - 8);
      assertEquals(
          part, crc.getValue(), ByteBuffer.wrap(printed).getLong(printed.length - Long.BYTES));
    }
  }

  public void testFieldWithoutLists() throws Exception {
    Segment segment = write(SMALL, data(3, 4), VectorSimilarityFunction.EUCLIDEAN);
    ByteBuffer meta = segment.body("ivfm", "IvfPqMeta");
    Entry entry = Entry.read(meta);
    assertEquals(3, entry.n);
    assertEquals(0, entry.kind);
    assertEquals(-1, meta.getInt());
    assertFalse(meta.hasRemaining());
    assertFalse(segment.body("ivfq", "IvfPqModel").hasRemaining());
    assertFalse(segment.body("ivfl", "IvfPqLists").hasRemaining());
  }

  public void testOrdinalsOfEveryWidth() throws IOException {
    Random random = new Random(7);
    for (int width : new int[] {1, 2, 4, 8, 12, 16, 20, 24, 28, 32}) {
      long max = (1L << width) - 1;
      assertEquals(width, width((int) Math.min(Integer.MAX_VALUE, max)));
      long[] values = new long[3 * BLOCK];
      ByteBuffersDataOutput bytes = new ByteBuffersDataOutput();
      try (ByteBuffersIndexOutput out = new ByteBuffersIndexOutput(bytes, "ordinals", "ordinals")) {
        DirectWriter writer = DirectWriter.getInstance(out, values.length, width);
        for (int i = 0; i < values.length; i++) {
          values[i] = random.nextLong() & max;
          writer.add(values[i]);
        }
        writer.finish();
      }
      ByteBuffer packed = ByteBuffer.wrap(bytes.toArrayCopy());
      assertEquals(values.length * width / 8 + padding(width), packed.remaining());
      for (int i = 0; i < values.length; i++) {
        assertEquals("width=" + width, values[i], packed(packed, 0, width, i));
      }
    }
  }

  /** An entry of the metadata file. */
  private static final class Entry {
    int encoding;
    int similarity;
    int d;
    int n;
    int kind;
    String factory;
    int requestedNlist;
    int nlist;
    int dOut;
    int flags;
    int M;
    int blocks;
    float estimateError;
    float modelError;
    final int[] nprobe = new int[3];
    final float[] reach = new float[3];
    final float[] margin = new float[3];
    final float[] kFactor = new float[3];
    long modelOffset;
    long modelLength;
    final byte[] fingerprint = new byte[16];
    long listsOffset;
    long listsLength;

    static Entry read(ByteBuffer meta) {
      Entry entry = new Entry();
      assertEquals("number of the only field", 0, meta.getInt());
      entry.encoding = meta.get();
      entry.similarity = meta.get();
      entry.d = meta.getInt();
      entry.n = meta.getInt();
      entry.kind = meta.get();
      if (entry.kind == 0) {
        return entry;
      }
      byte[] factory = new byte[meta.get()];
      meta.get(factory);
      entry.factory = new String(factory, StandardCharsets.UTF_8);
      entry.requestedNlist = meta.getInt();
      entry.nlist = meta.getInt();
      entry.dOut = meta.getInt();
      entry.flags = meta.get();
      entry.M = meta.getInt();
      entry.blocks = meta.getInt();
      entry.estimateError = meta.getFloat();
      for (int i = 0; i < 3; i++) {
        entry.nprobe[i] = meta.getInt();
        entry.reach[i] = meta.getFloat();
        entry.margin[i] = meta.getFloat();
        entry.kFactor[i] = meta.getFloat();
      }
      entry.modelOffset = meta.getLong();
      entry.modelLength = meta.getLong();
      meta.get(entry.fingerprint);
      entry.modelError = meta.getFloat();
      entry.listsOffset = meta.getLong();
      entry.listsLength = meta.getLong();
      return entry;
    }
  }

  /** A segment's files on disk. */
  private record Segment(Path directory, byte[] id) {
    byte[] bytes(String extension) throws IOException {
      return Files.readAllBytes(directory.resolve("_0_IvfPq1_0." + extension));
    }

    /** Checks header and footer; the result lies at the body's start and ends where it does. */
    ByteBuffer body(String extension, String codec) throws IOException {
      ByteBuffer file = ByteBuffer.wrap(bytes(extension)).order(ByteOrder.BIG_ENDIAN);
      assertEquals("header magic", 0x3fd76c17, file.getInt());
      byte[] name = new byte[file.get()];
      file.get(name);
      assertEquals(codec, new String(name, StandardCharsets.UTF_8));
      assertEquals("version", 1, file.getInt());
      byte[] segmentId = new byte[16];
      file.get(segmentId);
      assertArrayEquals("segment id", id, segmentId);
      byte[] suffix = new byte[file.get()];
      file.get(suffix);
      assertEquals("IvfPq1_0", new String(suffix, StandardCharsets.UTF_8));
      assertEquals("header length", 4 + 1 + codec.length() + 4 + 16 + 1 + 8, file.position());

      int footer = file.limit() - 16;
      assertEquals("footer magic", 0xc02893e8, file.getInt(footer));
      assertEquals("checksum algorithm", 0, file.getInt(footer + 4));
      CRC32 crc = new CRC32();
      crc.update(file.array(), 0, footer + 8);
      assertEquals("CRC of " + extension, crc.getValue(), file.getLong(footer + 8));
      return file.limit(footer).order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  private static Segment write(
      IvfPqParameters parameters, float[][] vectors, VectorSimilarityFunction similarity)
      throws IOException {
    Path path = createTempDir();
    IndexWriterConfig config =
        new IndexWriterConfig()
            .setCodec(TestUtil.alwaysKnnVectorsFormat(new IvfPqVectorsFormat(parameters)))
            .setMergePolicy(NoMergePolicy.INSTANCE)
            .setMaxBufferedDocs(vectors.length + 2)
            .setRAMBufferSizeMB(IndexWriterConfig.DISABLE_AUTO_FLUSH)
            .setUseCompoundFile(false);
    byte[] id;
    try (Directory directory = FSDirectory.open(path);
        IndexWriter writer = new IndexWriter(directory, config)) {
      for (float[] vector : vectors) {
        Document document = new Document();
        document.add(new KnnFloatVectorField("v", vector, similarity));
        writer.addDocument(document);
      }
      writer.commit();
      id = SegmentInfos.readLatestCommit(directory).info(0).info.getId();
    }
    return new Segment(path, id);
  }

  /** Writes vectors, reads them by the description and checks every number. */
  private static Segment check(
      IvfPqParameters parameters,
      float[][] vectors,
      VectorSimilarityFunction similarity,
      boolean residual)
      throws Exception {
    Segment segment = write(parameters, vectors, similarity);
    ByteBuffer meta = segment.body("ivfm", "IvfPqMeta");
    Entry entry = Entry.read(meta);
    assertEquals("end of entries", -1, meta.getInt());
    assertFalse("bytes after the end of entries", meta.hasRemaining());
    assertEquals(1, entry.encoding);
    assertEquals(
        new int[] {0, 1, 2, 3}
            [
            Arrays.asList(
                    VectorSimilarityFunction.EUCLIDEAN,
                    VectorSimilarityFunction.DOT_PRODUCT,
                    VectorSimilarityFunction.COSINE,
                    VectorSimilarityFunction.MAXIMUM_INNER_PRODUCT)
                .indexOf(similarity)],
        entry.similarity);
    assertEquals(vectors[0].length, entry.d);
    assertEquals(vectors.length, entry.n);
    assertEquals("this data set must get lists", 1, entry.kind);
    assertEquals(parameters.factory(), entry.factory);
    assertEquals(residual, (entry.flags & 2) != 0);
    for (int i = 0; i < 3; i++) {
      assertTrue(
          "nprobe=" + entry.nprobe[i], entry.nprobe[i] >= 1 && entry.nprobe[i] <= entry.nlist);
      assertTrue("reach=" + entry.reach[i], entry.reach[i] > 0);
      assertTrue("margin=" + entry.margin[i], entry.margin[i] >= 0);
      assertTrue("kFactor=" + entry.kFactor[i], entry.kFactor[i] >= 1);
    }
    assertTrue("estimateError=" + entry.estimateError, entry.estimateError >= 0);
    assertTrue("modelError=" + entry.modelError, entry.modelError >= 0);

    ModelParts model = new ModelParts(segment.body("ivfq", "IvfPqModel"), entry);
    model.check(entry);
    ByteBuffer lists = segment.body("ivfl", "IvfPqLists");
    checkLists(lists, entry, model, vectors, similarity);
    return segment;
  }

  /** The floats of a model. */
  private static final class ModelParts {
    final float[] mean;
    final float[] rows;
    final float[] centroids;
    final float[] norms;
    final float[] centroidCodebooks;
    final ByteBuffer centroidBlocks;
    final float[] codebooks;
    private final ByteBuffer file;
    private final MessageDigest digest;
    private int at;

    ModelParts(ByteBuffer file, Entry entry) throws Exception {
      this.file = file;
      this.digest = MessageDigest.getInstance("SHA-256");
      assertEquals("model offset", 0, entry.modelOffset % 64);
      assertZeros(file, file.position(), (int) entry.modelOffset);
      at = (int) entry.modelOffset;
      mean = floats(entry.d);
      boolean coded = (entry.flags & 8) != 0;
      rows = (entry.flags & 1) != 0 ? panels(entry.dOut, entry.d) : floats(0);
      centroids = coded ? floats(entry.nlist * entry.dOut) : panels(entry.nlist, entry.dOut);
      norms = floats(entry.nlist);
      centroidCodebooks = floats(coded ? entry.dOut * 16 : 0);
      centroidBlocks = coded ? centroidBlocks(entry) : null;
      codebooks = floats(entry.M == 0 ? 0 : entry.dOut * 16);
      assertEquals("model length", entry.modelLength, at - entry.modelOffset);
      assertEquals("the only model ends the body", file.limit(), at);
    }

    private ByteBuffer centroidBlocks(Entry entry) {
      int start = (at + 63) / 64 * 64;
      assertZeros(file, at, start);
      int length = (entry.nlist + 63) / 64 * ((entry.dOut / 2 + 1) / 2 * 64 + 256);
      at = start + length;
      return file.slice(start, length).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Centroids in blocks, slot by slot, as the vectors of a list are. */
    private void checkCentroidCodes(Entry entry) {
      int M = entry.dOut / 2;
      int blockBytes = (M + 1) / 2 * 64 + 256;
      for (int slot = 0; slot < centroidBlocks.limit() / blockBytes * 64; slot++) {
        int block = slot / 64 * blockBytes;
        int s = slot % 64;
        float term = centroidBlocks.getFloat(block + (M + 1) / 2 * 64 + 4 * s);
        if (slot >= entry.nlist) {
          assertEquals("padding", Float.POSITIVE_INFINITY, term, 0);
          continue;
        }
        double norm = 0;
        for (int m = 0; m < M; m++) {
          int pair = centroidBlocks.get(block + m / 2 * 64 + (s < 32 ? 2 * s : 2 * (s - 32) + 1));
          int code = m % 2 == 0 ? pair & 15 : pair >> 4 & 15;
          double[] distances = new double[16];
          for (int c = 0; c < 16; c++) {
            for (int j = 2 * m; j < 2 * m + 2; j++) {
              double difference = centroids[slot * entry.dOut + j] - centroidCodebooks[j * 16 + c];
              distances[c] += difference * difference;
            }
          }
          double least = Arrays.stream(distances).min().getAsDouble();
          assertEquals("code " + m + " of centroid " + slot, least, distances[code], 1e-5);
          for (int j = 2 * m; j < 2 * m + 2; j++) {
            norm += Math.pow(centroidCodebooks[j * 16 + code], 2);
          }
        }
        double expected = entry.similarity == 0 || entry.similarity == 2 ? norm : 0;
        assertEquals("term of centroid " + slot, expected, term, 1e-5 * (1 + expected));
      }
    }

    /** A matrix in panels of 16 rows, row by row; the rows that fill the last one are zero. */
    private float[] panels(int rows, int cols) {
      float[] panels = floats((rows + 15) / 16 * 16 * cols);
      float[] matrix = new float[rows * cols];
      for (int i = 0; i < panels.length; i++) {
        int row = i / (16 * cols) * 16 + i % 16;
        int col = i / 16 % cols;
        if (row < rows) {
          matrix[row * cols + col] = panels[i];
        } else {
          assertEquals("row " + row + " of " + rows, 0, panels[i], 0);
        }
      }
      return matrix;
    }

    private float[] floats(int count) {
      int start = (at + 63) / 64 * 64;
      assertZeros(file, at, start);
      float[] part = new float[count];
      file.slice(start, 4 * count).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(part);
      digest.update(file.array(), start, 4 * count);
      at = start + 4 * count;
      return part;
    }

    void check(Entry entry) {
      assertEquals(entry.nlist >= 2048 && entry.dOut % 2 == 0, (entry.flags & 8) != 0);
      if (centroidBlocks != null) {
        checkCentroidCodes(entry);
      }
      assertArrayEquals("fingerprint", Arrays.copyOf(digest.digest(), 16), entry.fingerprint);
      for (int i = 0; i < rows.length / entry.d; i++) {
        for (int j = 0; j <= i; j++) {
          double product = 0;
          for (int c = 0; c < entry.d; c++) {
            product += (double) rows[i * entry.d + c] * rows[j * entry.d + c];
          }
          assertEquals("rows " + i + ", " + j, i == j ? 1 : 0, product, 1e-5);
        }
      }
      for (int list = 0; list < entry.nlist; list++) {
        double norm = 0;
        for (int j = 0; j < entry.dOut; j++) {
          double value = centroids[list * entry.dOut + j];
          norm += value * value;
        }
        assertEquals("norm of centroid " + list, norm, norms[list], 1e-6 * (1 + norm));
      }
    }
  }

  private static void checkLists(
      ByteBuffer file,
      Entry entry,
      ModelParts model,
      float[][] vectors,
      VectorSimilarityFunction similarity) {
    int M = entry.M;
    int rows = (M + 1) / 2;
    int blockBytes = M == 0 ? 0 : 64 * rows + 4 * BLOCK;
    int blocksAt = (int) entry.listsOffset;
    assertEquals("lists offset", 0, blocksAt % 64);
    assertZeros(file, file.position(), blocksAt);
    int directoryAt = blocksAt + entry.blocks * blockBytes;
    int ordinalsAt = directoryAt + 8 * entry.nlist;
    int width = width(Math.max(1, entry.n - 1));
    int membersAt = ordinalsAt + entry.blocks * BLOCK * width / 8 + padding(width);
    assertZeros(file, membersAt - padding(width), membersAt);
    int memberWidth = width(Math.max(1, entry.nlist - 1));
    int end = membersAt + (entry.n * memberWidth + 7) / 8 + padding(memberWidth);
    assertEquals("lists length", entry.listsLength, end - blocksAt);
    assertEquals("the only lists end the body", file.limit(), end);
    assertZeros(file, end - padding(memberWidth), end);

    boolean[] seen = new boolean[entry.n];
    int nextBlock = 0;
    for (int list = 0; list < entry.nlist; list++) {
      int firstBlock = file.getInt(directoryAt + 8 * list);
      int size = file.getInt(directoryAt + 8 * list + 4);
      assertEquals("first block of list " + list, nextBlock, firstBlock);
      nextBlock += (size + 63) / 64;
      long before = -1;
      for (int i = 0; i < (size + 63) / 64 * 64; i++) {
        int slot = i % 64;
        int block = firstBlock + i / 64;
        long ordinal = packed(file, ordinalsAt, width, block * BLOCK + slot);
        int[] codes = new int[M];
        int column = slot < 32 ? 2 * slot : 2 * (slot - 32) + 1;
        for (int m = 0; m < 2 * rows; m++) {
          int pair = file.get(blocksAt + block * blockBytes + m / 2 * 64 + column) & 0xff;
          int code = m % 2 == 0 ? pair & 15 : pair >>> 4;
          if (m < M) {
            codes[m] = code;
          } else {
            assertEquals("high nibbles of the last row of an odd M", 0, code);
          }
        }
        float term =
            M == 0 ? 0 : file.getFloat(blocksAt + block * blockBytes + 64 * rows + 4 * slot);
        if (i >= size) {
          assertEquals("ordinal of padding", 0, ordinal);
          assertArrayEquals("codes of padding", new int[M], codes);
          assertEquals("term of padding", M == 0 ? 0 : Float.POSITIVE_INFINITY, term, 0);
          continue;
        }
        assertTrue("ordinal " + ordinal + " after " + before, ordinal > before);
        before = ordinal;
        assertFalse("ordinal " + ordinal + " is in two lists", seen[(int) ordinal]);
        seen[(int) ordinal] = true;
        assertEquals(
            "list of ordinal " + ordinal,
            list,
            packed(file, membersAt, memberWidth, (int) ordinal));
        new Vector(entry, model, similarity, vectors[(int) ordinal]).check(list, codes, term);
      }
    }
    assertEquals("blocks", nextBlock, entry.blocks);
    for (int ordinal = 0; ordinal < entry.n; ordinal++) {
      assertTrue("ordinal " + ordinal + " is in no list", seen[ordinal]);
    }
  }

  /** What the description says about one vector, in double. */
  private static final class Vector {
    private final Entry entry;
    private final ModelParts model;
    private final boolean innerProduct;
    private final double[] centred;
    private final double[] y;

    Vector(Entry entry, ModelParts model, VectorSimilarityFunction similarity, float[] vector) {
      this.entry = entry;
      this.model = model;
      this.innerProduct =
          similarity == VectorSimilarityFunction.DOT_PRODUCT
              || similarity == VectorSimilarityFunction.MAXIMUM_INNER_PRODUCT;
      float[] x = vector.clone();
      if (similarity == VectorSimilarityFunction.COSINE) {
        normalize(x);
      }
      centred = new double[entry.d];
      for (int j = 0; j < entry.d; j++) {
        centred[j] = (double) x[j] - model.mean[j];
      }
      y = (entry.flags & 1) == 0 ? Arrays.copyOf(centred, entry.dOut) : rotated(centred);
    }

    private double[] rotated(double[] x) {
      double[] out = new double[entry.dOut];
      for (int i = 0; i < entry.dOut; i++) {
        for (int j = 0; j < entry.d; j++) {
          out[i] += model.rows[i * entry.d + j] * x[j];
        }
      }
      return out;
    }

    void check(int list, int[] codes, float term) {
      double nearest = Double.POSITIVE_INFINITY;
      for (int other = 0; other < entry.nlist; other++) {
        nearest = Math.min(nearest, squaredDistance(other));
      }
      assertEquals("distance to the list's centroid", nearest, squaredDistance(list), 1e-4);
      double[] coded = y.clone();
      double[] centroid = new double[entry.dOut];
      if ((entry.flags & 2) != 0) {
        for (int j = 0; j < entry.dOut; j++) {
          centroid[j] = model.centroids[list * entry.dOut + j];
          coded[j] -= centroid[j];
        }
      }
      int dsub = entry.M == 0 ? 0 : entry.dOut / entry.M;
      double expected = 0;
      for (int m = 0; m < entry.M; m++) {
        double least = Double.POSITIVE_INFINITY;
        double[] distances = new double[16];
        for (int c = 0; c < 16; c++) {
          for (int j = m * dsub; j < (m + 1) * dsub; j++) {
            double difference = coded[j] - model.codebooks[j * 16 + c];
            distances[c] += difference * difference;
          }
          least = Math.min(least, distances[c]);
        }
        assertEquals("distance to the codeword", least, distances[codes[m]], 1e-4);
        for (int j = m * dsub; j < (m + 1) * dsub; j++) {
          double decoded = model.codebooks[j * 16 + codes[m]];
          expected += decoded * decoded + 2 * centroid[j] * decoded;
        }
      }
      if (entry.M == 0) {
        return;
      }
      if (innerProduct) {
        expected = 0;
        double[] mean = new double[entry.d];
        for (int j = 0; j < entry.d; j++) {
          mean[j] = model.mean[j];
          expected -= mean[j] * centred[j];
        }
        double[] kept = (entry.flags & 1) == 0 ? Arrays.copyOf(mean, entry.dOut) : rotated(mean);
        for (int j = 0; j < entry.dOut; j++) {
          expected += kept[j] * y[j];
        }
      }
      assertEquals("term", expected, term, 1e-4);
    }

    private double squaredDistance(int list) {
      double sum = 0;
      for (int j = 0; j < entry.dOut; j++) {
        double difference = y[j] - model.centroids[list * entry.dOut + j];
        sum += difference * difference;
      }
      return sum;
    }
  }

  /** Bits of an ordinal: enough for the highest, rounded up to a width that Lucene packs. */
  private static int width(int highest) {
    int bits = 32 - Integer.numberOfLeadingZeros(highest);
    for (int width : new int[] {1, 2, 4, 8, 12, 16, 20, 24, 28, 32}) {
      if (width >= bits) {
        return width;
      }
    }
    throw new AssertionError();
  }

  /** Zero bytes after the packed ordinals. */
  private static int padding(int width) {
    return switch (width) {
      case 12, 24, 28 -> 1;
      case 20 -> 2;
      default -> 0;
    };
  }

  /** Value {@code index}: bits {@code index * width} and on of a little-endian string of bits. */
  private static long packed(ByteBuffer bytes, int at, int width, int index) {
    long value = 0;
    for (int bit = 0; bit < width; bit++) {
      long from = (long) index * width + bit;
      value |= (long) (bytes.get(at + (int) (from / 8)) >>> from % 8 & 1) << bit;
    }
    return value;
  }

  private static void assertZeros(ByteBuffer bytes, int from, int to) {
    assertTrue("padding of " + (to - from), to >= from && to - from < 64);
    for (int i = from; i < to; i++) {
      assertEquals("padding at " + i, 0, bytes.get(i));
    }
  }

  private static void normalize(float[] v) {
    double squares = 0;
    for (float value : v) {
      squares += (double) value * value;
    }
    for (int j = 0; j < v.length; j++) {
      v[j] = (float) (v[j] / Math.sqrt(squares));
    }
  }

  /** Points around a few centres that do not lie around zero. */
  private static float[][] data(int n, int d) {
    Random random = new Random(20240601);
    float[][] centres = new float[12][d];
    for (float[] centre : centres) {
      for (int j = 0; j < d; j++) {
        centre[j] = (float) random.nextGaussian() + .5f;
      }
    }
    float[][] vectors = new float[n][d];
    for (float[] vector : vectors) {
      float[] centre = centres[random.nextInt(centres.length)];
      for (int j = 0; j < d; j++) {
        vector[j] = centre[j] + .3f * (float) random.nextGaussian();
      }
    }
    return vectors;
  }

  private static String formatPage() throws IOException {
    Path directory = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    while (!Files.exists(directory.resolve("FORMAT.md"))) {
      directory = directory.getParent();
      assertNotNull("FORMAT.md lies above the module", directory);
    }
    return Files.readString(directory.resolve("FORMAT.md"));
  }

  /** The bytes of a file as the page prints them: offset, 16 bytes; {@code *} repeats a line. */
  private static byte[] printed(String page, String extension) {
    String start = "```hex " + extension + "\n";
    int from = page.indexOf(start);
    assertTrue("FORMAT.md prints ." + extension, from >= 0);
    String text = page.substring(from + start.length(), page.indexOf("```", from + 3));
    StringBuilder hex = new StringBuilder();
    String line = "";
    boolean repeat = false;
    for (String row : text.split("\n")) {
      if (row.equals("*")) {
        repeat = true;
        continue;
      }
      int offset = Integer.parseInt(row.substring(0, 4), 16);
      while (repeat && hex.length() < 2 * offset) {
        hex.append(line);
      }
      repeat = false;
      assertEquals("offset of a printed line", offset, hex.length() / 2);
      line = row.substring(4).replace(" ", "");
      hex.append(line);
    }
    return HexFormat.of().parseHex(hex);
  }

  private static String dump(byte[] bytes) {
    StringBuilder out = new StringBuilder();
    String before = "";
    boolean starred = false;
    for (int from = 0; from < bytes.length; from += 16) {
      int to = Math.min(bytes.length, from + 16);
      String row = HexFormat.ofDelimiter(" ").formatHex(bytes, from, to);
      if (row.equals(before) && to < bytes.length) {
        out.append(starred ? "" : "*\n");
        starred = true;
        continue;
      }
      starred = false;
      before = row;
      out.append(String.format(Locale.ROOT, "%04x  %s\n", from, row));
    }
    return out.toString();
  }
}
