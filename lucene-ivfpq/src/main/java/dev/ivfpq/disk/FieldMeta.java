// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.disk;

import dev.ivfpq.kernel.CodeBlocks;
import dev.ivfpq.quant.CentroidCodes;
import dev.ivfpq.quant.Metric;
import dev.ivfpq.spec.Effort;
import dev.ivfpq.spec.Tuning;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.VectorEncoding;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.util.packed.DirectWriter;

/**
 * One field of one segment, as the metadata file describes it. Whoever holds one may trust it:
 * {@link #read} has checked each number against the field and against the others.
 *
 * @param encoding of the raw vectors
 * @param similarity of the field
 * @param d dimensions of a raw vector
 * @param n number of vectors
 * @param lists what was built over them; null if searches scan the raw vectors exactly
 */
public record FieldMeta(
    VectorEncoding encoding, VectorSimilarityFunction similarity, int d, int n, Lists lists) {

  /** Frozen: positions are written to disk, whatever order the enum has. */
  private static final List<VectorSimilarityFunction> SIMILARITIES =
      List.of(
          VectorSimilarityFunction.EUCLIDEAN,
          VectorSimilarityFunction.DOT_PRODUCT,
          VectorSimilarityFunction.COSINE,
          VectorSimilarityFunction.MAXIMUM_INNER_PRODUCT);

  private static final List<VectorEncoding> ENCODINGS =
      List.of(VectorEncoding.BYTE, VectorEncoding.FLOAT32);

  private static final byte EXACT = 0;
  private static final byte LISTS = 1;

  /** Bits of the flags byte. */
  private static final int ROTATED = 1;

  private static final int RESIDUAL = 2;
  private static final int RERANK = 4;
  private static final int CODED_CENTROIDS = 8;

  /**
   * Inverted lists and what is needed to search them.
   *
   * @param factory the factory string asked for; empty for the default
   * @param requestedNlist number of lists asked for; 0 if the segment chose
   * @param nlist number of lists
   * @param dOut width of a transformed vector
   * @param rotated whether the transform has rows, else it is the identity
   * @param residual whether codes are of the vector minus its centroid
   * @param rerank whether candidates are scored again from the raw vectors
   * @param codedCentroids whether the model holds codes of the centroids
   * @param M number of sub-quantizers; 0 if lists hold ordinals only
   * @param blocks number of blocks, of all lists together; without codes they only number the
   *     ordinals
   * @param tuning efforts of queries
   * @param modelOffset start of the model in its file
   * @param modelLength in bytes
   * @param fingerprint of the model's bytes (16)
   * @param modelError of the vectors that the model was trained for, by which drift is told; 0 or
   *     more
   * @param listsOffset start of the blocks in the lists file; directory, ordinals and members
   *     follow
   * @param listsLength in bytes
   */
  public record Lists(
      String factory,
      int requestedNlist,
      int nlist,
      int dOut,
      boolean rotated,
      boolean residual,
      boolean rerank,
      boolean codedCentroids,
      int M,
      int blocks,
      Tuning tuning,
      long modelOffset,
      long modelLength,
      byte[] fingerprint,
      float modelError,
      long listsOffset,
      long listsLength) {

    /** Bytes of a fingerprint. */
    public static final int FINGERPRINT_BYTES = 16;

    /** Bytes of a directory entry: first block and number of vectors. */
    static final int DIRECTORY_ENTRY_BYTES = 2 * Integer.BYTES;

    /** Length of the blocks in bytes; the directory starts there. */
    public long blocksLength() {
      return M == 0 ? 0 : (long) blocks * CodeBlocks.blockBytes(M);
    }

    public long directoryLength() {
      return (long) nlist * DIRECTORY_ENTRY_BYTES;
    }

    long ordinalsLength(int ordinalBits) {
      return DirectWriter.bytesRequired((long) blocks * CodeBlocks.BLOCK, ordinalBits);
    }

    /** Bits of a list's number in the lists file. */
    public int memberBits() {
      return memberBits(nlist);
    }

    /** The same of {@code nlist} lists. */
    public static int memberBits(int nlist) {
      return DirectWriter.unsignedBitsRequired(Math.max(1, nlist - 1));
    }

    long membersLength(int n) {
      return DirectWriter.bytesRequired(n, memberBits());
    }

    /** Length of the whole: blocks, directory, ordinals and members with Lucene's padding. */
    long length(int n, int ordinalBits) {
      return blocksLength() + directoryLength() + ordinalsLength(ordinalBits) + membersLength(n);
    }

    /** The same model, written elsewhere, with lists of its own. */
    public Lists at(
        ModelFile.Written model, long newListsOffset, long newListsLength, int newBlocks) {
      return new Lists(
          factory,
          requestedNlist,
          nlist,
          dOut,
          rotated,
          residual,
          rerank,
          codedCentroids,
          M,
          newBlocks,
          tuning,
          model.offset(),
          model.length(),
          model.fingerprint(),
          modelError,
          newListsOffset,
          newListsLength);
    }

    /** These lists with another tuning. */
    Lists with(Tuning other) {
      return new Lists(
          factory,
          requestedNlist,
          nlist,
          dOut,
          rotated,
          residual,
          rerank,
          codedCentroids,
          M,
          blocks,
          other,
          modelOffset,
          modelLength,
          fingerprint,
          modelError,
          listsOffset,
          listsLength);
    }

    public ModelLayout modelLayout(int d) {
      return ModelLayout.of(d, dOut, rotated, nlist, codedCentroids, M > 0);
    }
  }

  public static FieldMeta exact(FieldInfo info, int n) {
    return new FieldMeta(
        info.getVectorEncoding(),
        info.getVectorSimilarityFunction(),
        info.getVectorDimension(),
        n,
        null);
  }

  /** This field with lists over its vectors. */
  public FieldMeta withLists(Lists built) {
    return new FieldMeta(encoding, similarity, d, n, built);
  }

  /** This field, which has lists, with another tuning. */
  public FieldMeta withTuning(Tuning tuning) {
    return withLists(lists.with(tuning));
  }

  public Metric metric() {
    return Metric.of(similarity);
  }

  /** Bits of an ordinal in the lists file. */
  public int ordinalBits() {
    return ordinalBits(n);
  }

  private static int ordinalBits(int n) {
    return DirectWriter.unsignedBitsRequired(Math.max(1, n - 1));
  }

  /** Appends this entry to a metadata file. */
  public void write(IndexOutput meta) throws IOException {
    meta.writeByte((byte) ENCODINGS.indexOf(encoding));
    meta.writeByte((byte) SIMILARITIES.indexOf(similarity));
    meta.writeInt(d);
    meta.writeInt(n);
    if (lists == null) {
      meta.writeByte(EXACT);
      return;
    }
    meta.writeByte(LISTS);
    meta.writeString(lists.factory);
    meta.writeInt(lists.requestedNlist);
    meta.writeInt(lists.nlist);
    meta.writeInt(lists.dOut);
    meta.writeByte(
        (byte)
            ((lists.rotated ? ROTATED : 0)
                | (lists.residual ? RESIDUAL : 0)
                | (lists.rerank ? RERANK : 0)
                | (lists.codedCentroids ? CODED_CENTROIDS : 0)));
    meta.writeInt(lists.M);
    meta.writeInt(lists.blocks);
    Tuning tuning = lists.tuning;
    meta.writeInt(Float.floatToIntBits(tuning.estimateError()));
    for (Effort effort : List.of(tuning.at90(), tuning.at95(), tuning.at99())) {
      meta.writeInt(effort.nprobe());
      meta.writeInt(Float.floatToIntBits(effort.reach()));
      meta.writeInt(Float.floatToIntBits(effort.margin()));
      meta.writeInt(Float.floatToIntBits(effort.kFactor()));
    }
    meta.writeLong(lists.modelOffset);
    meta.writeLong(lists.modelLength);
    meta.writeBytes(lists.fingerprint, Lists.FINGERPRINT_BYTES);
    meta.writeInt(Float.floatToIntBits(lists.modelError));
    meta.writeLong(lists.listsOffset);
    meta.writeLong(lists.listsLength);
  }

  /**
   * Reads the next entry.
   *
   * @param modelFileLength length of the segment's model file, header and footer included
   * @param listsFileLength the same of its lists file
   * @throws CorruptIndexException naming the field, the value and its bound
   */
  public static FieldMeta read(
      IndexInput meta, FieldInfo info, long modelFileLength, long listsFileLength)
      throws IOException {
    Check check = new Check(meta, info.name);
    VectorEncoding encoding = ENCODINGS.get(check.in("encoding", meta.readByte(), 0, 1));
    check.equal("encoding", encoding, info.getVectorEncoding());
    VectorSimilarityFunction similarity =
        SIMILARITIES.get(check.in("similarity", meta.readByte(), 0, 3));
    check.equal("similarity", similarity, info.getVectorSimilarityFunction());
    int d = meta.readInt();
    check.equal("d", d, info.getVectorDimension());
    int n = check.in("n", meta.readInt(), 0, Integer.MAX_VALUE);
    byte kind = (byte) check.in("kind", meta.readByte(), EXACT, LISTS);
    Lists lists = kind == EXACT ? null : readLists(meta, check, d, n);
    if (lists != null) {
      check.inside("model", lists.modelOffset, lists.modelLength, modelFileLength);
      check.inside("lists", lists.listsOffset, lists.listsLength, listsFileLength);
    }
    return new FieldMeta(encoding, similarity, d, n, lists);
  }

  private static Lists readLists(IndexInput meta, Check check, int d, int n) throws IOException {
    String factory = readFactory(meta, check);
    int requestedNlist = check.in("requestedNlist", meta.readInt(), 0, 65536);
    int nlist = check.in("nlist", meta.readInt(), 1, Math.max(1, n));
    int dOut = check.in("dOut", meta.readInt(), 1, d + 1);
    int flags =
        check.in("flags", meta.readByte(), 0, ROTATED | RESIDUAL | RERANK | CODED_CENTROIDS);
    boolean rotated = (flags & ROTATED) != 0;
    boolean codedCentroids = (flags & CODED_CENTROIDS) != 0;
    check.that("dOut", dOut, !codedCentroids || dOut % CentroidCodes.DSUB == 0);
    check.that("dOut", dOut, rotated || dOut >= d);
    int M = check.in("M", meta.readInt(), 0, dOut);
    if (M > 0) {
      check.equal("dOut % M", dOut % M, 0);
    }
    // Every list may end in a block of its own that is not full.
    long mostBlocks = (n + (long) nlist * (CodeBlocks.BLOCK - 1)) / CodeBlocks.BLOCK;
    int blocks = check.in("blocks", meta.readInt(), 0, (int) Math.min(mostBlocks, 1 << 30));
    float estimateError = Float.intBitsToFloat(meta.readInt());
    check.that("estimateError", estimateError, estimateError >= 0);
    Tuning tuning =
        new Tuning(
            estimateError,
            readEffort(meta, check, nlist),
            readEffort(meta, check, nlist),
            readEffort(meta, check, nlist));
    long modelOffset = meta.readLong();
    long modelLength = meta.readLong();
    byte[] fingerprint = new byte[Lists.FINGERPRINT_BYTES];
    meta.readBytes(fingerprint, 0, fingerprint.length);
    float modelError = Float.intBitsToFloat(meta.readInt());
    check.that("modelError", modelError, modelError >= 0);
    long listsOffset = meta.readLong();
    long listsLength = meta.readLong();
    Lists lists =
        new Lists(
            factory,
            requestedNlist,
            nlist,
            dOut,
            rotated,
            (flags & RESIDUAL) != 0,
            (flags & RERANK) != 0,
            codedCentroids,
            M,
            blocks,
            tuning,
            modelOffset,
            modelLength,
            fingerprint,
            modelError,
            listsOffset,
            listsLength);
    check.equal("modelOffset % 64", modelOffset % FileNames.ALIGNMENT, 0L);
    check.equal("listsOffset % 64", listsOffset % FileNames.ALIGNMENT, 0L);
    check.equal("modelLength", modelLength, lists.modelLayout(d).length());
    check.equal("listsLength", listsLength, lists.length(n, ordinalBits(n)));
    return lists;
  }

  private static Effort readEffort(IndexInput meta, Check check, int nlist) throws IOException {
    int nprobe = check.in("nprobe", meta.readInt(), 1, nlist);
    float reach = Float.intBitsToFloat(meta.readInt());
    check.that("reach", reach, reach > 0);
    float margin = Float.intBitsToFloat(meta.readInt());
    check.that("margin", margin, margin >= 0);
    float kFactor = Float.intBitsToFloat(meta.readInt());
    check.that("kFactor", kFactor, kFactor >= 1 && kFactor <= 1e6f);
    return Effort.of(nprobe, reach, margin, kFactor);
  }

  /** A string whose length, unlike Lucene's, cannot ask for more memory than a factory needs. */
  private static String readFactory(IndexInput meta, Check check) throws IOException {
    byte[] text = new byte[check.in("factory length", meta.readByte(), 0, Byte.MAX_VALUE)];
    meta.readBytes(text, 0, text.length);
    return new String(text, StandardCharsets.UTF_8);
  }

  /** Refuses values out of bounds, naming field, value and bound. */
  private record Check(IndexInput meta, String field) {

    int in(String name, int value, int least, int most) throws IOException {
      if (value < least || value > most) {
        throw corrupt(name + "=" + value + " is not in [" + least + ", " + most + "]");
      }
      return value;
    }

    void equal(String name, Object value, Object expected) throws IOException {
      if (!value.equals(expected)) {
        throw corrupt(name + "=" + value + ", expected " + expected);
      }
    }

    void that(String name, Object value, boolean holds) throws IOException {
      if (!holds) {
        throw corrupt(name + "=" + value + " is out of bounds");
      }
    }

    void inside(String name, long offset, long length, long fileLength) throws IOException {
      if (offset < 0 || length < 0 || offset > fileLength - length) {
        throw corrupt(
            name + " of " + length + " bytes at " + offset + " exceeds its file of " + fileLength);
      }
    }

    private CorruptIndexException corrupt(String what) {
      return new CorruptIndexException(
          "field \"" + field + "\": " + what + "; restore the segment from a copy or re-index",
          meta);
    }
  }
}
