// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.IOUtils;

/**
 * What was committed to a folder, as of the newest commit that was looked for. Whoever acquired a
 * snapshot keeps seeing that one.
 */
final class StoreSnapshots implements Closeable {
  private final Path folder;

  // Both null while nothing has been committed.
  private Directory directory;
  private SearcherManager searchers;

  private StoreSnapshots(Path folder) {
    this.folder = folder;
  }

  /**
   * Opens a folder, which need not be there.
   *
   * @throws StoreException if it is a file, or damaged
   */
  static StoreSnapshots open(Path folder) throws IOException {
    StoreSnapshots snapshots = new StoreSnapshots(folder);
    if (Files.exists(folder)) {
      if (!Files.isDirectory(folder)) {
        throw new StoreException(folder + ": a file; a store is a folder, name another");
      }
      try {
        snapshots.openIndex();
      } catch (Throwable t) {
        IOUtils.closeWhileSuppressingExceptions(t, snapshots);
        throw t;
      }
    }
    return snapshots;
  }

  private void openIndex() throws IOException {
    try {
      directory = FSDirectory.open(folder);
      if (DirectoryReader.indexExists(directory)) {
        DirectoryReader reader = DirectoryReader.open(directory);
        try {
          StoreCommit.of(reader.getIndexCommit().getUserData(), folder);
          searchers = new SearcherManager(reader, new StoreSearchers().snapshots());
        } catch (Throwable t) {
          IOUtils.closeWhileSuppressingExceptions(t, reader);
          throw t;
        }
      }
    } catch (StoreException | AccessDeniedException e) {
      throw e;
    } catch (IOException | IllegalArgumentException e) {
      // Lucene says so of damaged, cut or missing files, of other versions, and of unknown formats.
      throw new StoreException(
          folder
              + ": damaged, or written by another version ("
              + e.getMessage()
              + "); restore it from a copy or add the voices to a new folder",
          e);
    }
  }

  /** The folder, as it was given. */
  Path folder() {
    return folder;
  }

  /** Whether nothing has been committed. */
  boolean none() {
    return source() == null;
  }

  /**
   * Refuses folders that hold something else; what a killed first add left is no obstacle.
   *
   * @throws StoreException if there is something else
   */
  void checkNothingElse() throws IOException {
    if (Files.notExists(folder)) {
      return;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (!name.startsWith("_")
            && !name.startsWith("pending_segments")
            && !name.equals(IndexWriter.WRITE_LOCK_NAME)) {
          throw new StoreException(
              folder
                  + ": no store, but a folder that holds "
                  + name
                  + "; name a new or an empty folder");
        }
      }
    }
  }

  private synchronized SearcherManager source() {
    return searchers;
  }

  /**
   * What gives and takes back snapshots.
   *
   * @throws StoreException if nothing has been committed
   */
  SearcherManager committed() throws StoreException {
    SearcherManager source = source();
    if (source == null) {
      throw new StoreException(folder + ": nothing in this store yet; add a voice first");
    }
    return source;
  }

  /** What is asked of a snapshot. */
  @FunctionalInterface
  interface Question<T> {
    T answer(StoreSearcher snapshot) throws IOException;
  }

  /**
   * Asks the newest snapshot.
   *
   * @throws StoreException if nothing has been committed
   */
  <T> T ask(Question<T> question) throws IOException {
    SearcherManager source = committed();
    StoreSearcher snapshot = (StoreSearcher) source.acquire();
    try {
      return question.answer(snapshot);
    } finally {
      source.release(snapshot);
    }
  }

  /** What the newest commit recorded; nothing while there is none. */
  StoreCommit commit() throws IOException {
    return none() ? StoreCommit.empty() : ask(StoreSearcher::commit);
  }

  /** Looks for a newer commit. */
  synchronized void refresh() throws IOException {
    if (searchers == null) {
      if (directory != null) {
        directory.close();
      }
      openIndex();
    } else {
      searchers.maybeRefreshBlocking();
    }
  }

  @Override
  public synchronized void close() throws IOException {
    IOUtils.close(searchers, directory);
  }
}
