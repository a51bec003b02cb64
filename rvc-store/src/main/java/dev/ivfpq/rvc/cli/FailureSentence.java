// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import dev.ivfpq.rvc.StoreException;
import dev.ivfpq.rvc.npy.NpyException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.store.AlreadyClosedException;

/** Says what went wrong in one line. */
final class FailureSentence {
  private FailureSentence() {}

  /** The sentence for a failure. */
  static String of(Throwable failure) {
    return words(failure).replaceAll("\\p{Cntrl}+", " ");
  }

  private static String words(Throwable failure) {
    if (failure instanceof StoreException || failure instanceof NpyException) {
      return failure.getMessage();
    }
    boolean wrapper =
        failure instanceof UncheckedIOException || failure instanceof AlreadyClosedException;
    if (wrapper && failure.getCause() != null) {
      return words(failure.getCause());
    }
    if (failure instanceof NoSuchFileException e) {
      return e.getFile() + ": no such file; check the path";
    }
    if (failure instanceof AccessDeniedException e) {
      return e.getFile() + ": permission denied; change its permissions or name another";
    }
    if (failure instanceof FileSystemException e && e.getReason() != null) {
      return e.getFile() + ": " + e.getReason();
    }
    if (failure instanceof CorruptIndexException) {
      return "the store is damaged ("
          + failure.getMessage()
          + "); restore it from a copy or add the"
          + " voices to a new folder";
    }
    if (failure instanceof OutOfMemoryError) {
      return "not enough memory; give Java more, for example JAVA_TOOL_OPTIONS=-Xmx4g";
    }
    if (failure instanceof IOException && failure.getMessage() != null) {
      return failure.getMessage();
    }
    return "unexpected "
        + failure
        + "; please report it, with the output of"
        + " JAVA_TOOL_OPTIONS=-D"
        + Ivfpq.TRACE_PROPERTY
        + "=true";
  }
}
