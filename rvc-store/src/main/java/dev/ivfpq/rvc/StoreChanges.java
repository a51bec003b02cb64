// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.LockObtainFailedException;

/** Changes of a store, one at a time: each is one commit, and seen when it is done, or nothing. */
final class StoreChanges {
  private final StoreSnapshots snapshots;
  private final WorkThreads threads;

  /** Held while the store is changed, so that nobody who searches waits for it. */
  private final Object changing = new Object();

  StoreChanges(StoreSnapshots snapshots, WorkThreads threads) {
    this.snapshots = snapshots;
    this.threads = threads;
  }

  /** What is done to a store under its lock. */
  @FunctionalInterface
  interface Change<T> {
    T apply(StoreWriter writer) throws IOException;
  }

  /** Makes a change and commits it, or leaves the store as it was. */
  <T> T make(Progress progress, Change<T> change) throws IOException {
    Path folder = snapshots.folder();
    T result;
    synchronized (changing) {
      boolean made = Files.notExists(folder);
      try (WorkPool pool = new WorkPool(threads);
          Directory target = FSDirectory.open(folder);
          StoreWriter writer = StoreWriter.open(folder, target, pool)) {
        result = change.apply(writer);
        writer.commit(progress);
      } catch (Throwable t) {
        if (made) {
          unmake(t);
        }
        if (t instanceof IOException e) {
          throw inWords(e);
        }
        throw t;
      }
    }
    snapshots.refresh();
    return result;
  }

  /** Makes a change of what is there already. */
  <T> T makeOfVoices(Progress progress, Change<T> change) throws IOException {
    snapshots.committed();
    return make(progress, change);
  }

  /** Failures of the disk name no file; the others name their own and what to do. */
  private IOException inWords(IOException failure) {
    if (failure.getClass() != IOException.class) {
      return failure;
    }
    return new StoreException(
        snapshots.folder()
            + ": writing failed ("
            + failure.getMessage()
            + "), the store is as it was; mend that, or make room, and try again",
        failure);
  }

  /** Takes away the folder that a failed first add has made. */
  private void unmake(Throwable failure) {
    try {
      Files.deleteIfExists(snapshots.folder().resolve(IndexWriter.WRITE_LOCK_NAME));
      Files.deleteIfExists(snapshots.folder());
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** Looks for what is wrong with the store while nobody changes it. */
  List<String> check(Progress progress) throws IOException {
    snapshots.committed();
    synchronized (changing) {
      try (WorkPool pool = new WorkPool(threads);
          Directory target = FSDirectory.open(snapshots.folder())) {
        return new StoreCheck(target, pool, progress).problems();
      } catch (LockObtainFailedException e) {
        throw StoreWriter.locked(snapshots.folder(), e);
      }
    }
  }
}
