// SPDX-License-Identifier: Apache-2.0

/**
 * The vectors format in OpenSearch: field type {@code ivfpq_vector}, query {@code ivfpq}, index
 * setting {@code index.ivfpq}. Nothing here computes; it turns JSON into the format's parameters.
 */
package dev.ivfpq.opensearch;
