// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** Adds voices to a store: what is added together is committed together. */
final class StoreAdditions extends Additions {
  private final StoreSnapshots snapshots;
  private final StoreChanges changes;

  StoreAdditions(StoreSnapshots snapshots, StoreChanges changes) {
    this.snapshots = snapshots;
    this.changes = changes;
  }

  @Override
  SortedMap<String, VoiceRecord> voices() throws IOException {
    return snapshots.commit().voices();
  }

  @Override
  List<AddSummary> add(List<Addition> additions, ExistingClips existing, Progress progress)
      throws IOException {
    List<Integer> replaced =
        changes.make(
            progress,
            writer -> {
              List<Integer> counts = new ArrayList<>();
              for (Addition addition : additions) {
                counts.add(writer.add(addition, existing, progress));
              }
              return counts;
            });
    long storeFrames = snapshots.ask(snapshot -> (long) snapshot.getIndexReader().numDocs());
    List<AddSummary> added = new ArrayList<>();
    for (Addition addition : additions) {
      added.add(
          new AddSummary(
              addition.speaker(),
              addition.clips().size(),
              replaced.get(added.size()),
              addition.frames(),
              addition.dims(),
              storeFrames));
    }
    return added;
  }
}
