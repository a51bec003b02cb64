// SPDX-License-Identifier: Apache-2.0
/**
 * faiss index files, read without faiss: the vectors of flat, inverted-list, product-quantized and
 * wrapped indexes, exact or decoded, each length checked against the file before anything is
 * allocated by it.
 */
package dev.ivfpq.rvc.faiss;
