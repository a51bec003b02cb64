// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.memory;

import java.util.ArrayList;
import java.util.List;

/** What is known so far. */
public record MemoryOutcome(List<BuildRow> builds, List<LimitRow> searches) {
  public MemoryOutcome() {
    this(new ArrayList<>(), new ArrayList<>());
  }
}
