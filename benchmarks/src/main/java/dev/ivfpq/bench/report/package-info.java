// SPDX-License-Identifier: Apache-2.0

/** What a comparison leaves behind: tables, a chart, a page. */
package dev.ivfpq.bench.report;
