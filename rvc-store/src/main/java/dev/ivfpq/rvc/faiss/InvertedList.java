// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.faiss;

/**
 * Where one list that holds vectors lies.
 *
 * @param list its number
 * @param size vectors in it
 * @param codes offset of the codes
 * @param ids offset of the ids, 8 bytes each
 */
record InvertedList(int list, int size, long codes, long ids) {}
