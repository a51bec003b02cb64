// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

import java.io.IOException;
import org.apache.lucene.search.ScoreDoc;

/** One way of asking for a vector's neighbours, which can be timed. */
@FunctionalInterface
public interface Ask {
  /**
   * The hits, nearest first.
   *
   * @param target not modified
   * @param k most hits
   */
  ScoreDoc[] search(float[] target, int k) throws IOException;
}
