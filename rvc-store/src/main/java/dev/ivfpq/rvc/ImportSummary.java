// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.util.List;

/**
 * What an import did.
 *
 * @param added as by an add, for each speaker
 * @param taken what was taken of what there was: a file, or the folder of the clips
 * @param left what holds the same voice, and was left
 * @param kind {@code npy}, or faiss's four characters for the index
 * @param exact whether the vectors are those that were added to the index, to the bit; else they
 *     are decoded from its codes, or were changed by a transform
 * @param byInnerProduct whether the index was made for inner products, where the store goes by
 *     distance
 * @param trailingBytes bytes of the file behind the index, which were left out
 */
public record ImportSummary(
    List<AddSummary> added,
    String taken,
    List<String> left,
    String kind,
    boolean exact,
    boolean byInnerProduct,
    long trailingBytes) {}
