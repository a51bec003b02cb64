// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.quant.QuantizedLut;
import java.io.IOException;

/**
 * A query as one model sees it.
 *
 * @param order the lists, nearest first
 * @param y the transformed query (d')
 * @param common what the distances of all lists have in common
 * @param residual whether codes are of residuals: then estimates in a list have its own distance in
 *     common, else {@code common}
 * @param lut look-up table for the codes of every list; null without codes
 */
record PreparedQuery(ListOrder order, float[] y, float common, boolean residual, QuantizedLut lut) {

  /** What the estimates in the list at a place of the order have in common, the bias included. */
  float base(int place) throws IOException {
    return (residual ? order.distance(place) : common) + lut.bias();
  }

  /** The same with an order of its own. */
  PreparedQuery with(ListOrder other) {
    return new PreparedQuery(other, y, common, residual, lut);
  }
}
