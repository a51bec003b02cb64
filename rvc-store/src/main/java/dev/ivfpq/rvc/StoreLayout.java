// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import dev.ivfpq.IvfPqVectorsFormat;
import java.util.Map;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.index.Term;

/**
 * What a store looks like as a Lucene index: one document a frame, and in the commit's user data
 * the version of this layout and the dimension.
 *
 * <table>
 * <caption>Fields</caption>
 * <tr><th>field</th><th>kind</th><th>content</th></tr>
 * <tr><td>{@code vector}</td><td>float vector, Euclidean</td><td>the frame</td></tr>
 * <tr><td>{@code speaker}</td><td>term and sorted doc value</td><td>the speaker's name</td></tr>
 * <tr><td>{@code clip}</td><td>sorted doc value</td><td>the clip's name</td></tr>
 * <tr><td>{@code clip_id}</td><td>term</td><td>speaker, NUL, clip: unique a clip</td></tr>
 * <tr><td>{@code frame}</td><td>numeric doc value</td><td>position in the clip, from 0</td></tr>
 * </table>
 *
 * @param dims dimension of all vectors
 */
public record StoreLayout(int dims) {
  /** The field of the vectors. */
  public static final String VECTOR = "vector";

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

  private static final String VERSION_KEY = "ivfpq.store.version";
  private static final String DIMS_KEY = "ivfpq.store.dims";
  private static final String VERSION = "1";

  /** The term that finds a speaker's frames. */
  public static Term speakerTerm(String speaker) {
    return new Term(SPEAKER, speaker);
  }

  /** The term that finds a clip's frames. */
  static Term clipTerm(String speaker, String clip) {
    return new Term(CLIP_ID, speaker + '\0' + clip);
  }

  /** What a commit records. */
  Map<String, String> userData() {
    return Map.of(VERSION_KEY, VERSION, DIMS_KEY, Integer.toString(dims));
  }

  /**
   * Reads what a commit recorded.
   *
   * @param where the store's folder, for messages
   * @throws StoreException if it is none of this layout's
   */
  static StoreLayout of(Map<String, String> userData, Object where) throws StoreException {
    String version = userData.get(VERSION_KEY);
    if (version == null) {
      throw new StoreException(
          where + ": a Lucene index, but not a store of voices; name another folder");
    }
    if (!version.equals(VERSION)) {
      throw new StoreException(
          where
              + ": a store of version "
              + version
              + ", this program reads version "
              + VERSION
              + "; use the program that wrote it");
    }
    String dims = userData.getOrDefault(DIMS_KEY, "");
    if (!dims.matches("[1-9][0-9]{0,8}")) {
      throw new StoreException(
          where
              + ": the store's commit records dims=\""
              + dims
              + "\"; it is damaged, restore it"
              + " from a copy or add the voices again");
    }
    return new StoreLayout(Integer.parseInt(dims));
  }
}
