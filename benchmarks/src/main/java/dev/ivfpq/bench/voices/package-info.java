// SPDX-License-Identifier: Apache-2.0

/**
 * One voice, converted to as RVC does: real-time blocks and whole clips, by the store, by Lucene's
 * own formats and by faiss as RVC uses it. {@link dev.ivfpq.bench.voices.VoicesRun} names the steps
 * in order.
 */
package dev.ivfpq.bench.voices;
