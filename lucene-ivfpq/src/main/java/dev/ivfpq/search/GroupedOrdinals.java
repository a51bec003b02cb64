// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.disk.ListsReader;
import java.io.IOException;

/**
 * The accepted ordinals of a field by the lists that hold them, for many queries. Made by looking
 * each one's list up, so that lists which hold none need not be read at all.
 */
final class GroupedOrdinals implements AcceptedByList {
  /** Where each list's ordinals start; their number at the end. */
  private final int[] starts;

  private final int[] grouped;

  /**
   * @param accepted ordinals, ascending, not modified
   */
  GroupedOrdinals(int[] accepted, ListsReader lists, int nlist) throws IOException {
    int count = accepted.length;
    int[] listOf = new int[count];
    // One ahead, so that after the second loop each list's start is where it should be.
    starts = new int[nlist + 2];
    for (int i = 0; i < count; i++) {
      listOf[i] = lists.listOf(accepted[i]);
      starts[listOf[i] + 2]++;
    }
    for (int list = 2; list < starts.length; list++) {
      starts[list] += starts[list - 1];
    }
    grouped = new int[count];
    for (int i = 0; i < count; i++) {
      grouped[starts[listOf[i] + 1]++] = accepted[i];
    }
  }

  @Override
  public int size(int list) {
    return starts[list + 1] - starts[list];
  }

  @Override
  public int ordinal(int list, int i) {
    return grouped[starts[list] + i];
  }
}
