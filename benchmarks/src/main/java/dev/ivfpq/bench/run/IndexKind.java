// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

import org.apache.lucene.codecs.KnnVectorsFormat;

/**
 * How vectors are indexed.
 *
 * @param name in tables and as a folder's name
 * @param format what Lucene's writer is given
 */
record IndexKind(String name, KnnVectorsFormat format) {}
