// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

/**
 * What one pass over the queries showed.
 *
 * @param contender what was searched
 * @param recall share of the true k neighbours found
 * @param micros mean time of a query in that one pass
 */
record Trial(Contender contender, double recall, double micros) {}
