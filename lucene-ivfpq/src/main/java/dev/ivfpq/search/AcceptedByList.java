// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import java.io.IOException;

/** The accepted ordinals of a field by the lists that hold them. */
interface AcceptedByList {
  /** How many accepted ordinals a list holds. */
  int size(int list) throws IOException;

  /** The i-th accepted ordinal of the list whose size was asked for last; ascending. */
  int ordinal(int list, int i);
}
