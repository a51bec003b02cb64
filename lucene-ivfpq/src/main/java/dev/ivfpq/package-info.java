// SPDX-License-Identifier: Apache-2.0

/** A Lucene vectors format: inverted lists of 4-bit product quantization codes. */
package dev.ivfpq;
