// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.io.IOException;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.search.IndexSearcher;

/** One snapshot of a store: its frames, and what its commit records. */
final class StoreSearcher extends IndexSearcher {
  private final StoreCommit commit;

  StoreSearcher(IndexReader reader) throws IOException {
    super(reader);
    DirectoryReader directory = (DirectoryReader) reader;
    this.commit = StoreCommit.of(directory.getIndexCommit().getUserData(), directory.directory());
  }

  /** Not to be changed. */
  StoreCommit commit() {
    return commit;
  }
}
