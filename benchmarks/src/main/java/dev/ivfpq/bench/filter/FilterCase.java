// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.filter;

import org.apache.lucene.search.Query;

/**
 * A filter and what it accepts.
 *
 * @param kind what it accepts, for people
 * @param filter as an application would write it
 * @param accepted numbers of the indexed rows
 */
record FilterCase(String kind, Query filter, int[] accepted) {}
