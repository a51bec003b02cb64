// SPDX-License-Identifier: Apache-2.0

/**
 * The command {@code ivfpq}: one class a sub-command, which parses, makes one call of the library
 * and prints. Results go to stdout, everything else to stderr.
 */
package dev.ivfpq.rvc.cli;
