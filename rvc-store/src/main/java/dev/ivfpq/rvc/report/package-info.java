// SPDX-License-Identifier: Apache-2.0

/** What is shown of a store: charts, and a page that needs no other file. */
package dev.ivfpq.rvc.report;
