// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.report;

import java.util.List;

/**
 * Rows of one kind.
 *
 * @param name of its file and of its key in {@code results.json}
 * @param title in the page
 * @param note what a reader has to know, in a sentence or two
 * @param type of the rows: a record whose components have names for Jackson
 * @param rows may be none
 */
public record Table<R>(String name, String title, String note, Class<R> type, List<R> rows) {}
