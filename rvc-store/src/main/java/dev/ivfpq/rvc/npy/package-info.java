// SPDX-License-Identifier: Apache-2.0

/**
 * Matrices of numbers in NumPy's {@code .npy} files: the formats that voice features come in, read
 * by a strict grammar, and the one format that is written.
 */
package dev.ivfpq.rvc.npy;
