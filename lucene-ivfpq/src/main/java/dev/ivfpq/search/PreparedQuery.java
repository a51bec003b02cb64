// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.quant.QuantizedLut;
import java.io.IOException;

/**
 * A query as one model sees it.
 *
 * @param order the lists, nearest first
 * @param common what estimates in all lists have in common where codes are of the vectors
 *     themselves; NaN where they are of residuals: then it is the list's own distance
 * @param lut look-up table for the codes of every list; null without codes
 */
record PreparedQuery(ListOrder order, float common, QuantizedLut lut) {

  /** What the estimates in the list at a place of the order have in common, the bias included. */
  float base(int place) throws IOException {
    return (Float.isNaN(common) ? order.distance(place) : common) + lut.bias();
  }
}
