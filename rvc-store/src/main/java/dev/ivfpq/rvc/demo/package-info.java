// SPDX-License-Identifier: Apache-2.0

/**
 * The main job on the project's own sample voices, and a measurement of it beside exact search and
 * Lucene's HNSW.
 */
package dev.ivfpq.rvc.demo;
