// SPDX-License-Identifier: Apache-2.0

/** The command {@code ivfpq-bench}: one class a sub-command. */
package dev.ivfpq.bench;
