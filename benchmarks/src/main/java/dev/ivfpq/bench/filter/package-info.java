// SPDX-License-Identifier: Apache-2.0

/**
 * Searches among the documents that a filter accepts: filters of several shares, random and by
 * speaker, over an index in any order and one sorted by speaker.
 */
package dev.ivfpq.bench.filter;
