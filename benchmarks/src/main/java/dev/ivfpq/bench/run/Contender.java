// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

import java.io.IOException;
import org.apache.lucene.search.ScoreDoc;

/** One index searched in one way. */
record Contender(BuiltIndex index, Setting setting) implements Ask {

  @Override
  public ScoreDoc[] search(float[] target, int k) throws IOException {
    return setting.search(index.searcher(), target, k).scoreDocs;
  }

  /** For people. */
  String words() {
    return (index.kind().name() + " " + setting.words()).strip();
  }
}
