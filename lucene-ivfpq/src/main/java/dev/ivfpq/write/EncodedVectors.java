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
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.util.IOUtils;

/**
 * A field's vectors, each with its list, term and codes, in a temporary file in ordinal order. One
 * sequential pass over the raw vectors makes it; grouping by list then reads only these small
 * records, so heap does not grow with the number of vectors.
 *
 * <p>A record is the list (int), the term (float) and the codes two a byte. Closing deletes the
 * file.
 */
final class EncodedVectors implements Closeable {
  private static final int PART = 1024;

  /** Vectors encoded before they are written out, 16 parts for the threads that help. */
  private static final int ROUND = 16 * PART;

  private final Directory directory;
  private final String tempName;
  private final int n;
  private final int[] listSizes;
  private final int recordBytes;
  private final boolean finite;

  private EncodedVectors(
      Directory directory,
      String tempName,
      int n,
      int[] listSizes,
      int recordBytes,
      boolean finite) {
    this.directory = directory;
    this.tempName = tempName;
    this.n = n;
    this.listSizes = listSizes;
    this.recordBytes = recordBytes;
    this.finite = finite;
  }

  /**
   * Encodes all vectors.
   *
   * @param segmentName names the temporary file
   */
  static EncodedVectors encode(
      TrainingContext context,
      FloatVectorValues values,
      Metric metric,
      Model model,
      Directory directory,
      String segmentName,
      IOContext ioContext)
      throws IOException {
    int n = values.size();
    Encoder encoder = new Encoder(context.kernel(), metric, model);
    int recordBytes = encoder.recordBytes;
    int[] listSizes = new int[model.coarse().nlist()];
    boolean finite = true;
    String name = null;
    try (IndexOutput out = directory.createTempOutput(segmentName, "ivfpq", ioContext)) {
      name = out.getName();
      ByteBuffer records =
          ByteBuffer.allocate(Math.min(n, ROUND) * recordBytes).order(ByteOrder.LITTLE_ENDIAN);
      for (int first = 0; first < n; first += ROUND) {
        int count = Math.min(ROUND, n - first);
        int start = first;
        context.inParts(
            count,
            PART,
            (from, to) ->
                encoder.encode(
                    values.copy(), start + from, to - from, records, from * recordBytes));
        for (int i = 0; i < count; i++) {
          listSizes[records.getInt(i * recordBytes)]++;
          finite &= Float.isFinite(records.getFloat(i * recordBytes + Integer.BYTES));
        }
        out.writeBytes(records.array(), 0, count * recordBytes);
      }
      CodecUtil.writeFooter(out);
    } catch (Throwable t) {
      if (name != null) {
        IOUtils.deleteFilesIgnoringExceptions(directory, name);
      }
      throw t;
    }
    return new EncodedVectors(directory, name, n, listSizes, recordBytes, finite);
  }

  int size() {
    return n;
  }

  /** Number of vectors in each list (nlist). */
  int[] listSizes() {
    return listSizes;
  }

  /** False if some vector is too large for float arithmetic. */
  boolean isFinite() {
    return finite;
  }

  /** Opens the records for one thread. */
  Records open() throws IOException {
    return new Records(directory.openInput(tempName, IOContext.READONCE), recordBytes);
  }

  @Override
  public void close() throws IOException {
    directory.deleteFile(tempName);
  }

  /** Random access to the records. */
  static final class Records implements Closeable {
    private final IndexInput in;
    private final int recordBytes;
    private final byte[] pairs;

    private Records(IndexInput in, int recordBytes) {
      this.in = in;
      this.recordBytes = recordBytes;
      this.pairs = new byte[recordBytes - Integer.BYTES - Float.BYTES];
    }

    int list(int ordinal) throws IOException {
      in.seek((long) ordinal * recordBytes);
      return in.readInt();
    }

    /** Puts one vector's codes and term in a slot of a block. */
    void copyTo(int ordinal, byte[] block, int slot, int M) throws IOException {
      in.seek((long) ordinal * recordBytes + Integer.BYTES);
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
    private final int recordBytes;

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
      this.recordBytes = Integer.BYTES + Float.BYTES + CodeBlocks.rows(M);
    }

    void encode(FloatVectorValues values, int first, int count, ByteBuffer records, int offset)
        throws IOException {
      int d = model.coarse().d();
      float[] y = new float[count * d];
      float[] meanProducts = new float[count];
      new RowReader(kernel, values, metric, model.transform(), transformRows)
          .readRange(first, count, y, meanProducts);
      int[] lists = new int[count];
      float[] distances = new float[count];
      kernel.nearest(y, 0, count, centroids, model.coarse().norms(), lists, distances, 0);
      byte[] codes = new byte[count * M];
      float[] terms = terms(y, lists, meanProducts, codes);
      for (int i = 0; i < count; i++) {
        int at = offset + i * recordBytes;
        records.putInt(at, lists[i]);
        records.putFloat(at + Integer.BYTES, terms[i]);
        at += Integer.BYTES + Float.BYTES;
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
