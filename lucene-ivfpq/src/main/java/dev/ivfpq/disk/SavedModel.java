// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.disk;

import dev.ivfpq.quant.Model;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.lucene.codecs.CodecUtil;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.DocValuesSkipIndexType;
import org.apache.lucene.index.DocValuesType;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.VectorEncoding;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.util.IOUtils;

/**
 * A model in a file of its own: Lucene's header, the model as in a segment's model file, an entry
 * of the metadata file that describes it as one of a segment whose lists are not there, the offset
 * of that entry (long), d and the similarity (ints), and Lucene's footer.
 *
 * @param meta describes the model
 */
public record SavedModel(FieldMeta meta, Model model) {
  private static final String CODEC = "IvfPqSavedModel";
  private static final int VERSION = 1;

  /** Offset of the entry, d, similarity. */
  private static final int TAIL_BYTES = Long.BYTES + 2 * Integer.BYTES;

  /** Writes a new file. */
  public static void write(
      Directory directory,
      String name,
      int d,
      VectorSimilarityFunction similarity,
      FieldMeta.Lists described,
      Model model)
      throws IOException {
    boolean written = false;
    try (IndexOutput out = directory.createOutput(name, IOContext.DEFAULT)) {
      CodecUtil.writeHeader(out, CODEC, VERSION);
      ModelFile.Written at = ModelFile.write(out, model);
      // As many vectors as the entry's checks ask for.
      FieldMeta exact = FieldMeta.exact(field(d, similarity), described.nlist());
      FieldMeta.Lists lists = described.at(at, 0, 0, 0);
      lists = described.at(at, 0, lists.length(exact.n(), exact.ordinalBits()), 0);
      long entry = out.getFilePointer();
      exact.withLists(lists).write(out);
      out.writeLong(entry);
      out.writeInt(d);
      out.writeInt(similarity.ordinal());
      CodecUtil.writeFooter(out);
      written = true;
    } finally {
      if (!written) {
        IOUtils.deleteFilesIgnoringExceptions(directory, name);
      }
    }
    directory.sync(List.of(name));
  }

  /** Reads a file. */
  public static SavedModel read(Directory directory, String name) throws IOException {
    try (IndexInput in = directory.openInput(name, IOContext.READONCE)) {
      CodecUtil.checksumEntireFile(in);
      in.seek(0);
      CodecUtil.checkHeader(in, CODEC, VERSION, VERSION);
      long tail = in.length() - CodecUtil.footerLength() - TAIL_BYTES;
      long start = in.getFilePointer();
      in.seek(Math.max(start, tail));
      long entry = in.readLong();
      int d = in.readInt();
      int similarity = in.readInt();
      VectorSimilarityFunction[] all = VectorSimilarityFunction.values();
      if (entry < start || entry > tail || d < 1 || similarity < 0 || similarity >= all.length) {
        throw new CorruptIndexException(
            "entry at " + entry + ", d=" + d + ", similarity=" + similarity + ": out of bounds",
            in);
      }
      in.seek(entry);
      FieldMeta meta = FieldMeta.read(in, field(d, all[similarity]), entry, Long.MAX_VALUE);
      if (meta.lists() == null) {
        throw new CorruptIndexException("no model is described", in);
      }
      return new SavedModel(meta, ModelFile.read(in, meta));
    }
  }

  private static FieldInfo field(int d, VectorSimilarityFunction similarity) {
    return new FieldInfo(
        "saved model",
        0,
        false,
        false,
        false,
        IndexOptions.NONE,
        DocValuesType.NONE,
        DocValuesSkipIndexType.NONE,
        -1,
        Map.of(),
        0,
        0,
        0,
        d,
        VectorEncoding.FLOAT32,
        similarity,
        false,
        false);
  }
}
