// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

/**
 * What an import did.
 *
 * @param added as by an add
 * @param kind faiss's four characters for the index
 * @param exact whether the vectors are those that were added to the index, to the bit; else they
 *     are decoded from its codes, or were changed by a transform
 * @param byInnerProduct whether the index was made for inner products, where the store goes by
 *     distance
 * @param trailingBytes bytes of the file behind the index, which were left out
 */
public record ImportSummary(
    AddSummary added, String kind, boolean exact, boolean byInnerProduct, long trailingBytes) {}
