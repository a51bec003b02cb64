// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.speakers;

import java.util.List;

/**
 * What was measured.
 *
 * @param stores as it was built and after all changes
 * @param changes one a kind
 * @param made each change, in order
 * @param searches of one speaker among all, as built and after all changes
 */
public record SpeakersOutcome(
    List<StoreRow> stores,
    List<ChangeRow> changes,
    List<MadeChange> made,
    List<SearchRow> searches) {}
