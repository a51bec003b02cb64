// SPDX-License-Identifier: Apache-2.0

/** Files that take their place only when they are whole. Knows nothing of what is in them. */
package dev.ivfpq.rvc.file;
