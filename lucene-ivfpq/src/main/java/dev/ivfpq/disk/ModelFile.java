// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.disk;

import dev.ivfpq.kernel.CodeBlocks;
import dev.ivfpq.kernel.Panels;
import dev.ivfpq.quant.CentroidCodes;
import dev.ivfpq.quant.CoarseQuantizer;
import dev.ivfpq.quant.Model;
import dev.ivfpq.quant.ProductQuantizer;
import dev.ivfpq.quant.VectorTransform;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;

/** Writes and reads models as {@link ModelLayout} describes. */
public final class ModelFile {
  private static final float[] NONE = {};

  private ModelFile() {}

  /**
   * Where a model was written.
   *
   * @param offset in its file
   * @param length in bytes
   * @param fingerprint of its floats; equal models have equal ones
   */
  public record Written(long offset, long length, byte[] fingerprint) {}

  /** Appends a model, aligned. */
  public static Written write(IndexOutput out, Model model) throws IOException {
    MessageDigest digest = sha256();
    long offset = out.alignFilePointer(FileNames.ALIGNMENT);
    append(out, digest, model.transform().mean());
    VectorTransform transform = model.transform();
    append(
        out,
        digest,
        transform.isIdentity() ? NONE : panels(transform.rows(), transform.dOut(), transform.d()));
    CoarseQuantizer coarse = model.coarse();
    CentroidCodes codes = model.centroidCodes();
    append(
        out,
        digest,
        codes != null
            ? coarse.centroids()
            : panels(coarse.centroids(), coarse.nlist(), coarse.d()));
    append(out, digest, coarse.norms());
    append(out, digest, codes == null ? NONE : codes.pq().codebooks());
    out.alignFilePointer(FileNames.ALIGNMENT);
    if (codes != null) {
      out.writeBytes(codes.blocks(), codes.blocks().length);
    }
    append(out, digest, model.pq() == null ? NONE : model.pq().codebooks());
    byte[] fingerprint = Arrays.copyOf(digest.digest(), FieldMeta.Lists.FINGERPRINT_BYTES);
    return new Written(offset, out.getFilePointer() - offset, fingerprint);
  }

  /**
   * Reads a field's model.
   *
   * @param file the segment's model file; not moved
   */
  public static Model read(IndexInput file, FieldMeta meta) throws IOException {
    FieldMeta.Lists lists = meta.lists();
    ModelLayout layout = lists.modelLayout(meta.d());
    IndexInput in = file.slice(null, lists.modelOffset(), lists.modelLength());
    int d = meta.d();
    int dOut = lists.dOut();
    int nlist = lists.nlist();
    float[] mean = floats(in, layout.mean(), d);
    float[] rows = lists.rotated() ? rows(in, layout.rows(), dOut, d) : null;
    float[] centroids =
        lists.codedCentroids()
            ? floats(in, layout.centroids(), nlist * dOut)
            : rows(in, layout.centroids(), nlist, dOut);
    float[] norms = floats(in, layout.norms(), nlist);
    CentroidCodes codes = null;
    if (lists.codedCentroids()) {
      int M = dOut / CentroidCodes.DSUB;
      byte[] blocks = new byte[CentroidCodes.blocks(nlist) * CodeBlocks.blockBytes(M)];
      in.seek(layout.centroidBlocks());
      in.readBytes(blocks, 0, blocks.length);
      codes =
          new CentroidCodes(
              new ProductQuantizer(
                  floats(in, layout.centroidCodebooks(), dOut * ProductQuantizer.KSUB),
                  M,
                  CentroidCodes.DSUB),
              blocks);
    }
    int M = lists.M();
    return new Model(
        new VectorTransform(mean, rows, d, dOut),
        new CoarseQuantizer(centroids, norms, dOut),
        codes,
        M == 0
            ? null
            : new ProductQuantizer(
                floats(in, layout.codebooks(), dOut * ProductQuantizer.KSUB), M, dOut / M),
        lists.residual());
  }

  private static float[] rows(IndexInput in, long offset, int count, int cols) throws IOException {
    float[] stored = floats(in, offset, Math.toIntExact(Panels.storedFloats(count, cols)));
    return new Panels(stored, count, cols, Panels.STORED_WIDTH).rows();
  }

  private static float[] floats(IndexInput in, long offset, int count) throws IOException {
    float[] floats = new float[count];
    in.seek(offset);
    in.readFloats(floats, 0, count);
    return floats;
  }

  private static float[] panels(float[] rows, int count, int cols) {
    return Panels.of(rows, count, cols, Panels.STORED_WIDTH).values();
  }

  private static void append(IndexOutput out, MessageDigest digest, float[] part)
      throws IOException {
    out.alignFilePointer(FileNames.ALIGNMENT);
    ByteBuffer bytes = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < part.length; from += 1024) {
      int count = Math.min(1024, part.length - from);
      bytes.asFloatBuffer().put(part, from, count);
      out.writeBytes(bytes.array(), 0, count * Float.BYTES);
      digest.update(bytes.array(), 0, count * Float.BYTES);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
