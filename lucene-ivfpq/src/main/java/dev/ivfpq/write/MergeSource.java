// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.write;

import dev.ivfpq.disk.FieldMeta;
import dev.ivfpq.disk.ListDirectory;
import dev.ivfpq.disk.ListsReader;
import dev.ivfpq.kernel.CodeBlocks;
import dev.ivfpq.search.IvfPqVectorsReader;
import java.io.IOException;
import java.util.function.IntConsumer;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.MergeState;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.util.ArrayUtil;
import org.apache.lucene.util.FixedBitSet;

/**
 * One segment's vectors of a field in a merge.
 *
 * <p>Where the segment has lists of the model that is kept, they are handed out with the ordinals
 * that their vectors get, without those of deleted documents.
 */
final class MergeSource {
  private final String field;
  private final KnnVectorsReader vectors;
  private final MergeState.DocMap docMap;
  private final int size;

  /** The vectors' reader if they are of this format, else null. */
  private final IvfPqVectorsReader ours;

  /**
   * @param vectors the segment's reader, which has vectors of the field
   */
  MergeSource(
      String field, KnnVectorsReader vectors, MergeState.DocMap docMap, IvfPqVectorsReader ours)
      throws IOException {
    this.field = field;
    this.vectors = vectors;
    this.docMap = docMap;
    this.ours = ours;
    this.size = vectors.getFloatVectorValues(field).size();
  }

  /** What was built over the vectors, deleted ones included; null if there are no lists. */
  FieldMeta.Lists lists() {
    return ours == null ? null : ours.meta(field).lists();
  }

  /** Number of vectors, deleted ones included. */
  int size() {
    return size;
  }

  /** The model of the lists, which there must be. */
  KnownModel model() throws IOException {
    return new KnownModel(ours.model(field), lists(), size);
  }

  /** Marks the documents of the merged segment that get a vector from here. */
  void markDocs(FixedBitSet docs) throws IOException {
    forEachDoc(docs::set);
  }

  /** Clears the ordinals that vectors from here get. */
  void clearOrdinals(NewOrdinals newOrdinals, FixedBitSet ordinals) throws IOException {
    forEachDoc(doc -> ordinals.clear(newOrdinals.of(doc)));
  }

  /** Goes through the merged segment's documents that have a vector from here. */
  private void forEachDoc(IntConsumer consumer) throws IOException {
    KnnVectorValues.DocIndexIterator docs = vectors.getFloatVectorValues(field).iterator();
    for (int doc = docs.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = docs.nextDoc()) {
      int newDoc = docMap.get(doc);
      if (newDoc >= 0) {
        consumer.accept(newDoc);
      }
    }
  }

  /** Vectors in each list, deleted ones included, are added. */
  void addSizes(long[] sizes) throws IOException {
    ListDirectory directory = ours.lists(field).directory();
    for (int list = 0; list < sizes.length; list++) {
      sizes[list] += directory.entry(list).size();
    }
  }

  /** The lists, for a merge that keeps their model. */
  ListSource listsWith(NewOrdinals newOrdinals) {
    return () -> new Pass(ours.lists(field), newOrdinals);
  }

  private final class Pass implements ListSource.Pass {
    private final ListsReader lists;
    private final NewOrdinals newOrdinals;
    private final KnnVectorValues values = vectors.getFloatVectorValues(field);
    private final IndexInput blocks;
    private final int M = lists().M();
    private final byte[] block = new byte[CodeBlocks.blockBytes(M)];
    private long loadedBlock = -1;
    private int[] ordinals = {};

    /** Slots of the list's live vectors, counted from its first block. */
    private int[] slots = {};

    private long firstSlot;

    Pass(ListsReader lists, NewOrdinals newOrdinals) throws IOException {
      this.lists = lists;
      this.newOrdinals = newOrdinals;
      this.blocks = M == 0 ? null : lists.blocks();
    }

    @Override
    public int load(int list) throws IOException {
      ListDirectory.Entry entry = lists.directory().entry(list);
      firstSlot = (long) entry.firstBlock() * CodeBlocks.BLOCK;
      ordinals = ArrayUtil.growNoCopy(ordinals, entry.size());
      slots = ArrayUtil.growNoCopy(slots, entry.size());
      int live = 0;
      for (int slot = 0; slot < entry.size(); slot++) {
        int doc = docMap.get(values.ordToDoc(lists.ordinal(firstSlot + slot)));
        if (doc >= 0) {
          ordinals[live] = newOrdinals.of(doc);
          slots[live++] = slot;
        }
      }
      return live;
    }

    @Override
    public int ordinal(int i) {
      return ordinals[i];
    }

    @Override
    public void copyTo(int i, byte[] to, int slot) throws IOException {
      long from = firstSlot + slots[i];
      if (from / CodeBlocks.BLOCK != loadedBlock) {
        loadedBlock = from / CodeBlocks.BLOCK;
        blocks.seek(loadedBlock * block.length);
        blocks.readBytes(block, 0, block.length);
      }
      CodeBlocks.copy(block, (int) (from % CodeBlocks.BLOCK), to, slot, M);
    }

    @Override
    public void close() {
      // The segment's files stay open: they are the reader's.
    }
  }
}
