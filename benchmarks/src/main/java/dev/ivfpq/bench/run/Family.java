// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

import java.util.function.IntFunction;

/**
 * Settings of one index that differ in one number, with which effort and recall grow.
 *
 * @param index what is searched
 * @param least smallest effort
 * @param most largest effort; equal to {@code least} where there is nothing to choose
 * @param at the setting of an effort
 */
record Family(BuiltIndex index, int least, int most, IntFunction<Setting> at) {

  /** The same settings with all segments searched together. */
  Family ofAllTogether() {
    return new Family(index, least, most, effort -> at.apply(effort).ofAllTogether());
  }

  Contender contender(int effort) {
    return new Contender(index, at.apply(effort));
  }
}
