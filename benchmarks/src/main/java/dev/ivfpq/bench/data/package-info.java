// SPDX-License-Identifier: Apache-2.0

/** Vectors in files: which layouts are read, and what they hold. */
package dev.ivfpq.bench.data;
