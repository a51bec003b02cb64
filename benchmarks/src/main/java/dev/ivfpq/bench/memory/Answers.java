// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.memory;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What a process found, and how it went.
 *
 * @param documents of the hits of each query that there was time for
 * @param micros each of these queries took
 * @param warmed queries asked beforehand
 * @param majorFaults times that a thread of the process waited for the disk during these
 */
record Answers(
    @JsonProperty("documents") int[][] documents,
    @JsonProperty("micros") double[] micros,
    @JsonProperty("warmed") int warmed,
    @JsonProperty("major_faults") long majorFaults) {}
