// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import dev.ivfpq.IvfPqVectorsFormat;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.index.Term;

/**
 * What a store looks like as a Lucene index: one document a frame; what is known of the voices is
 * in the commit ({@code StoreCommit}).
 *
 * <table>
 * <caption>Fields</caption>
 * <tr><th>field</th><th>kind</th><th>content</th></tr>
 * <tr><td>{@code vector<dims>}</td><td>float vector, Euclidean</td><td>the frame; a field for each
 * dimension, since a field has one</td></tr>
 * <tr><td>{@code speaker}</td><td>term and sorted doc value</td><td>the speaker's name</td></tr>
 * <tr><td>{@code clip}</td><td>sorted doc value</td><td>the clip's name</td></tr>
 * <tr><td>{@code clip_id}</td><td>term</td><td>speaker, NUL, clip: unique a clip</td></tr>
 * <tr><td>{@code frame}</td><td>numeric doc value</td><td>position in the clip, from 0</td></tr>
 * </table>
 */
public final class StoreLayout {
  /** The field of the speakers' names. */
  public static final String SPEAKER = "speaker";

  static final String CLIP = "clip";
  static final String CLIP_ID = "clip_id";
  static final String FRAME = "frame";

  /** The vectors format, one instance for all writers. */
  static final IvfPqVectorsFormat VECTORS = new IvfPqVectorsFormat();

  /** Lucene's codec but for the vectors; indexes name it by Lucene's own name. */
  static final Codec CODEC =
      new Lucene104Codec() {
        @Override
        public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
          return VECTORS;
        }
      };

  private StoreLayout() {}

  /** The field of the frames of one dimension. */
  public static String vectorField(int dims) {
    return "vector" + dims;
  }

  /** The term that finds a speaker's frames. */
  public static Term speakerTerm(String speaker) {
    return new Term(SPEAKER, speaker);
  }

  /** The term that finds a clip's frames. */
  static Term clipTerm(String speaker, String clip) {
    return new Term(CLIP_ID, speaker + '\0' + clip);
  }
}
