// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.write;

import dev.ivfpq.kernel.CodeBlocks;
import dev.ivfpq.kernel.MatrixKernel;
import dev.ivfpq.kernel.Panels;
import dev.ivfpq.quant.Metric;
import dev.ivfpq.quant.Model;
import dev.ivfpq.quant.RowReader;
import dev.ivfpq.quant.VectorTransform;
import dev.ivfpq.train.TrainingContext;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.lucene.codecs.CodecUtil;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.util.IOUtils;

/**
 * Vectors of a field, each with its list, term and codes, in a temporary file in ordinal order. One
 * sequential pass over the raw vectors makes it; grouping by list then reads only these small
 * records.
 *
 * <p>A record is the ordinal (int), the list (int), the term (float) and the codes two a byte.
 * Closing deletes the file. Heap of a pass over the lists: 4 bytes a vector for at most {@value
 * #WINDOW} vectors at a time; a larger field takes several windows of lists, each with a pass over
 * the records' list numbers.
 */
final class EncodedVectors implements ListSource, Closeable {
  private static final int WINDOW = 1 << 24;

  private static final int PART = 1024;

  /** Vectors encoded before they are written out, 16 parts for the threads that help. */
  private static final int ROUND = 16 * PART;

  private static final int LIST_AT = Integer.BYTES;
  private static final int TERM_AT = 2 * Integer.BYTES;
  private static final int CODES_AT = TERM_AT + Float.BYTES;

  private final Directory directory;
  private final String tempName;
  private final int n;
  private final int[] listSizes;
  private final int M;
  private final int recordBytes;
  private final boolean finite;

  private EncodedVectors(
      Directory directory, String tempName, int n, int[] listSizes, int M, boolean finite) {
    this.directory = directory;
    this.tempName = tempName;
    this.n = n;
    this.listSizes = listSizes;
    this.M = M;
    this.recordBytes = CODES_AT + CodeBlocks.rows(M);
    this.finite = finite;
  }

  /**
   * Encodes the vectors of some ordinals.
   *
   * @param ordinals ascending; read to its end
   * @param segmentName names the temporary file
   */
  static EncodedVectors encode(
      TrainingContext context,
      FloatVectorValues values,
      DocIdSetIterator ordinals,
      Metric metric,
      Model model,
      Directory directory,
      String segmentName,
      IOContext ioContext)
      throws IOException {
    Encoder encoder = new Encoder(context.kernel(), metric, model);
    int recordBytes = CODES_AT + CodeBlocks.rows(encoder.M);
    int[] listSizes = new int[model.coarse().nlist()];
    boolean finite = true;
    int n = 0;
    String name = null;
    try (IndexOutput out = directory.createTempOutput(segmentName, "ivfpq", ioContext)) {
      name = out.getName();
      int[] round = new int[Math.min(values.size(), ROUND)];
      ByteBuffer records =
          ByteBuffer.allocate(round.length * recordBytes).order(ByteOrder.LITTLE_ENDIAN);
      for (int count = next(ordinals, round); count > 0; count = next(ordinals, round)) {
        context.inParts(
            count,
            PART,
            (from, to) -> encoder.encode(values.copy(), round, from, to - from, records));
        for (int i = 0; i < count; i++) {
          listSizes[records.getInt(i * recordBytes + LIST_AT)]++;
          finite &= Float.isFinite(records.getFloat(i * recordBytes + TERM_AT));
        }
        out.writeBytes(records.array(), 0, count * recordBytes);
        n += count;
      }
      CodecUtil.writeFooter(out);
    } catch (Throwable t) {
      if (name != null) {
        IOUtils.deleteFilesIgnoringExceptions(directory, name);
      }
      throw t;
    }
    return new EncodedVectors(directory, name, n, listSizes, encoder.M, finite);
  }

  /** Fills {@code round} with the next ordinals; returns how many there were. */
  private static int next(DocIdSetIterator ordinals, int[] round) throws IOException {
    int count = 0;
    // An iterator at its end must not be asked again.
    while (count < round.length
        && ordinals.docID() != DocIdSetIterator.NO_MORE_DOCS
        && ordinals.nextDoc() != DocIdSetIterator.NO_MORE_DOCS) {
      round[count++] = ordinals.docID();
    }
    return count;
  }

  /** False if some vector is too large for float arithmetic. */
  boolean isFinite() {
    return finite;
  }

  @Override
  public ListSource.Pass open() throws IOException {
    return new Pass(directory.openInput(tempName, IOContext.READONCE));
  }

  @Override
  public void close() throws IOException {
    directory.deleteFile(tempName);
  }

  private final class Pass implements ListSource.Pass {
    private final IndexInput in;
    private final byte[] pairs = new byte[CodeBlocks.rows(M)];

    /** Records of the lists from {@code firstList} to {@code endList - 1}, list after list. */
    private int[] records = {};

    private int firstList;
    private int endList;

    /** First of the current list's records. */
    private int start;

    /** One past the last of them. */
    private int end;

    Pass(IndexInput in) {
      this.in = in;
    }

    @Override
    public int load(int list) throws IOException {
      if (list >= endList) {
        group(list);
      }
      start = end;
      end += listSizes[list];
      return listSizes[list];
    }

    /** Goes through the records for those of {@code list} and as many lists after it as fit. */
    private void group(int list) throws IOException {
      firstList = list;
      endList = list;
      int size = 0;
      while (endList < listSizes.length
          && (endList == list || size + listSizes[endList] <= WINDOW)) {
        size += listSizes[endList++];
      }
      int[] next = new int[endList - firstList];
      for (int i = 1; i < next.length; i++) {
        next[i] = next[i - 1] + listSizes[firstList + i - 1];
      }
      records = new int[size];
      end = 0;
      for (int record = 0; record < n; record++) {
        in.seek((long) record * recordBytes + LIST_AT);
        int of = in.readInt();
        if (of >= firstList && of < endList) {
          records[next[of - firstList]++] = record;
        }
      }
    }

    @Override
    public int ordinal(int i) throws IOException {
      in.seek((long) records[start + i] * recordBytes);
      return in.readInt();
    }

    @Override
    public void copyTo(int i, byte[] block, int slot) throws IOException {
      in.seek((long) records[start + i] * recordBytes + TERM_AT);
      float term = Float.intBitsToFloat(in.readInt());
      in.readBytes(pairs, 0, pairs.length);
      CodeBlocks.putPairs(block, 0, slot, pairs, 0, M);
      CodeBlocks.putTerm(block, 0, slot, term, M);
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  /** The arithmetic of one record; shared by threads. */
  private static final class Encoder {
    private final MatrixKernel kernel;
    private final Metric metric;
    private final Model model;
    private final Panels transformRows;
    private final Panels centroids;
    private final float[] rotatedMean;
    private final int M;

    Encoder(MatrixKernel kernel, Metric metric, Model model) {
      this.kernel = kernel;
      this.metric = metric;
      this.model = model;
      VectorTransform transform = model.transform();
      this.transformRows = RowReader.pack(kernel, transform);
      this.centroids =
          kernel.pack(model.coarse().centroids(), model.coarse().nlist(), model.coarse().d());
      this.rotatedMean = transform.rotatedMean();
      this.M = model.pq() == null ? 0 : model.pq().M();
    }

    /**
     * Makes the records of the ordinals {@code from} to {@code from + count - 1} of a round, at the
     * same places.
     */
    void encode(FloatVectorValues values, int[] ordinals, int from, int count, ByteBuffer records)
        throws IOException {
      int d = model.coarse().d();
      float[] y = new float[count * d];
      float[] meanProducts = new float[count];
      new RowReader(kernel, values, metric, model.transform(), transformRows)
          .read(ordinals, from, count, y, meanProducts);
      int[] lists = new int[count];
      float[] distances = new float[count];
      kernel.nearest(y, 0, count, centroids, model.coarse().norms(), lists, distances, 0);
      byte[] codes = new byte[count * M];
      float[] terms = terms(y, lists, meanProducts, codes);
      for (int i = 0; i < count; i++) {
        int at = (from + i) * (CODES_AT + CodeBlocks.rows(M));
        records.putInt(at, ordinals[from + i]);
        records.putInt(at + LIST_AT, lists[i]);
        records.putFloat(at + TERM_AT, terms[i]);
        at += CODES_AT;
        for (int m = 0; m < M; m += 2) {
          int high = m + 1 < M ? codes[i * M + m + 1] << 4 : 0;
          records.put(at++, (byte) (codes[i * M + m] | high));
        }
      }
    }

    /**
     * Encodes, and computes what an estimate adds to the list's distance and the table's sum
     * (ARCHITECTURE.md, "One table per query").
     *
     * @param y transformed vectors, overwritten
     * @param codes out
     */
    private float[] terms(float[] y, int[] lists, float[] meanProducts, byte[] codes) {
      int count = lists.length;
      int d = model.coarse().d();
      float[] terms = new float[count];
      if (metric.isInnerProduct()) {
        for (int i = 0; i < count; i++) {
          float kept = 0;
          for (int j = 0; j < d; j++) {
            kept += rotatedMean[j] * y[i * d + j];
          }
          terms[i] = kept - meanProducts[i];
        }
      }
      if (M == 0) {
        return terms;
      }
      float[] centroids = model.coarse().centroids();
      if (model.residual()) {
        for (int i = 0; i < count; i++) {
          for (int j = 0; j < d; j++) {
            y[i * d + j] -= centroids[lists[i] * d + j];
          }
        }
      }
      kernel.encode(y, 0, count, model.pq().codebooks(), M, model.pq().dsub(), codes);
      if (!metric.isInnerProduct()) {
        float[] decoded = new float[d];
        for (int i = 0; i < count; i++) {
          model.pq().decode(codes, i * M, decoded);
          float sum = 0;
          for (int j = 0; j < d; j++) {
            float centroid = model.residual() ? centroids[lists[i] * d + j] : 0;
            sum += decoded[j] * (decoded[j] + 2 * centroid);
          }
          terms[i] = sum;
        }
      }
      return terms;
    }
  }
}
