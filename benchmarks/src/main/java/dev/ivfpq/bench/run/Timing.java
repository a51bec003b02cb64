// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

/**
 * A contender's times in microseconds a query, each the median over the rounds.
 *
 * @param mean wall time of a round by its queries
 * @param p50 half of a round's queries were faster
 * @param p99 of a hundred queries of a round one was slower
 * @param cpu time of the searching thread by its queries, luceneutil's netCPU
 * @param queries how many a round had
 */
public record Timing(double mean, double p50, double p99, double cpu, int queries) {}
