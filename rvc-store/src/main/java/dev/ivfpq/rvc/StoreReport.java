// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import dev.ivfpq.IvfPqListStats;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.SegmentReader;

/**
 * What there is to know of a store: what is in it, and how well it can be searched.
 *
 * @param store its folder
 * @param info what is in it
 * @param files what it takes on disk
 * @param balance of each segment and dimension that has lists
 * @param scanDefaults what was chosen, by dimension
 * @param tunings one for each dimension that has lists
 * @param coverage of each voice that has frames that are found
 */
public record StoreReport(
    Path store,
    StoreInfo info,
    FileSizes files,
    List<ListBalance> balance,
    SortedMap<Integer, ScanDefault> scanDefaults,
    List<Tuning> tunings,
    List<VoiceCoverage> coverage) {

  /**
   * Measures a store, which takes a while.
   *
   * @param plan what recall and time are measured with, for each dimension; its clips are not used
   * @param framesPerVoice drawn of each voice to see how near others are
   * @throws StoreException if it is empty
   * @throws IOException if it cannot be read
   */
  public static StoreReport of(
      VoiceStore store, TuningPlan plan, int framesPerVoice, Progress progress) throws IOException {
    StoreInfo info = store.info();
    List<ListBalance> balance = store.snapshots().ask(StoreReport::balance);
    List<VoiceCoverage> coverage = new ArrayList<>();
    CoverageMeter meter = new CoverageMeter(store, framesPerVoice);
    progress.begin("looking at voices", info.speakers().size());
    for (StoreInfo.Speaker speaker : info.speakers()) {
      meter.measure(speaker.voice().speaker()).ifPresent(coverage::add);
      progress.advance(1);
    }
    List<Tuning> tunings = new ArrayList<>();
    StoreTuner tuner = new StoreTuner(store);
    for (int dims : balance.stream().map(ListBalance::dims).distinct().sorted().toList()) {
      if (foundAny(info, dims)) {
        tunings.add(tuner.measure(plan.withDims(dims), progress));
      }
    }
    return new StoreReport(
        store.folder(),
        info,
        store.snapshots().ask(s -> FileSizes.of((DirectoryReader) s.getIndexReader())),
        balance,
        store.scanDefaults(),
        tunings,
        coverage);
  }

  /** Whether some clip of this dimension is not muted. */
  private static boolean foundAny(StoreInfo info, int dims) {
    return info.speakers().stream()
        .anyMatch(s -> s.voice().dims() == dims && s.muted().size() < s.clips());
  }

  private static List<ListBalance> balance(StoreSearcher snapshot) throws IOException {
    List<ListBalance> balance = new ArrayList<>();
    for (LeafReaderContext leaf : snapshot.getIndexReader().leaves()) {
      String name = leaf.reader() instanceof SegmentReader s ? s.getSegmentName() : "?";
      for (int dims : snapshot.commit().dims()) {
        IvfPqListStats.of(leaf.reader(), StoreLayout.vectorField(dims))
            .ifPresent(lists -> balance.add(new ListBalance(name, dims, lists)));
      }
    }
    return balance;
  }
}
