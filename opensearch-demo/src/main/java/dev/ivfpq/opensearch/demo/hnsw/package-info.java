// SPDX-License-Identifier: Apache-2.0

/**
 * A plugin for comparison: Lucene's own vectors format, HNSW as its default codec has it, as a
 * field and a query of a node. OpenSearch's own field of that kind is another plugin's, which
 * cannot be had from Maven Central for this version.
 */
package dev.ivfpq.opensearch.demo.hnsw;
