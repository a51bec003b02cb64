// SPDX-License-Identifier: Apache-2.0

/**
 * Bytes that are read at any place, and files that take theirs only when they are whole. Knows
 * nothing of what the bytes mean.
 */
package dev.ivfpq.rvc.file;
