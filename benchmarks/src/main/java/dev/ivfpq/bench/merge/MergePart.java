// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.merge;

import java.util.Locale;

/** What can be measured by itself, in the order in which it is. */
public enum MergePart {
  /** With default merges, and forceMerge(1) after it. */
  INDEXING,
  /** Equal segments into one. */
  MERGING,
  /** Searches while indexing. */
  NRT,
  /** Many merges, this format's. */
  SEQUENCE,
  /** One segment and many; needs queries. */
  SEARCHING;

  /** As on the command line, and the name of its table. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
