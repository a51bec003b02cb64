// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.write;

import dev.ivfpq.disk.FieldMeta;
import dev.ivfpq.search.IvfPqVectorsReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.MergeState;
import org.apache.lucene.util.FixedBitSet;

/**
 * A float field's part in a merge.
 *
 * @param field its name
 * @param maxDoc documents of the merged segment
 * @param sources segments that have vectors
 */
record FieldMerge(String field, int maxDoc, List<MergeSource> sources) {

  static FieldMerge of(FieldInfo info, MergeState state) throws IOException {
    List<MergeSource> sources = new ArrayList<>();
    for (int i = 0; i < state.knnVectorsReaders.length; i++) {
      FieldInfo there = state.fieldInfos[i].fieldInfo(info.name);
      if (there == null || !there.hasVectorValues()) {
        continue;
      }
      KnnVectorsReader reader = state.knnVectorsReaders[i];
      KnnVectorValues values = reader.getFloatVectorValues(info.name);
      if (values != null && values.size() > 0) {
        sources.add(
            new MergeSource(
                info.name, reader, state.docMaps[i], IvfPqVectorsReader.of(reader, info.name)));
      }
    }
    return new FieldMerge(info.name, state.segmentInfo.maxDoc(), sources);
  }

  /** The model of most vectors, read; null if no segment has lists. */
  KnownModel dominantModel() throws IOException {
    Map<ByteBuffer, Long> vectors = new HashMap<>();
    MergeSource dominant = null;
    long most = 0;
    for (MergeSource source : sources) {
      FieldMeta.Lists lists = source.lists();
      if (lists != null) {
        long count =
            vectors.merge(ByteBuffer.wrap(lists.fingerprint()), (long) source.size(), Long::sum);
        if (count > most) {
          most = count;
          dominant = source;
        }
      }
    }
    return dominant == null ? null : dominant.model();
  }

  /** The segments that have lists of a model. */
  List<MergeSource> sourcesOf(KnownModel model) {
    return sources.stream().filter(source -> model.isOf(source.lists())).toList();
  }

  /** The ordinals that the merged vectors get. */
  NewOrdinals newOrdinals() throws IOException {
    FixedBitSet docs = new FixedBitSet(maxDoc);
    for (MergeSource source : sources) {
      source.markDocs(docs);
    }
    return new NewOrdinals(docs);
  }
}
