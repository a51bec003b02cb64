// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.filter;

import java.util.Locale;

/** How an index's documents lie. */
enum DocumentOrder {
  /** As they were added: at random. */
  RANDOM,
  /** Lucene's index sort, by speaker. */
  SPEAKER;

  /** As in tables. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
