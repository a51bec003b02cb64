// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.kernel.Survivors;
import java.io.IOException;
import java.util.List;
import org.apache.lucene.search.KnnCollector;

/**
 * Visits the lists of several segments that share a model as those of one segment: what each holds
 * of a list is scanned before the next list is. Slots are counted through all segments.
 */
final class SharedWalk implements Walk {
  private final List<ListWalk> walks;
  private final long[] firstSlots;
  private final ListOrder order;
  private final KnnCollector collector;
  private int place;

  /**
   * @param walks of the segments, all in {@code order}
   * @param firstSlots where the slots of each start
   */
  SharedWalk(List<ListWalk> walks, long[] firstSlots, ListOrder order, KnnCollector collector) {
    this.walks = walks;
    this.firstSlots = firstSlots;
    this.order = order;
    this.collector = collector;
    findNext();
  }

  /** A sink of one segment's slots. */
  private record Shifted(CandidateSink sink, int firstSlotOfSegment) implements CandidateSink {
    @Override
    public float threshold() {
      return sink.threshold();
    }

    @Override
    public void accept(int firstSlot, Survivors survivors) {
      sink.accept(firstSlotOfSegment + firstSlot, survivors);
    }
  }

  @Override
  public boolean hasNext() {
    return place < order.size();
  }

  @Override
  public float distance() throws IOException {
    return order.distance(place);
  }

  @Override
  public int scanNext(CandidateSink sink) throws IOException {
    int seen = 0;
    for (int i = 0; i < walks.size() && (i == 0 || !collector.earlyTerminated()); i++) {
      if (walks.get(i).place() == place) {
        seen += walks.get(i).scanNext(new Shifted(sink, (int) firstSlots[i]));
      }
    }
    findNext();
    return seen;
  }

  @Override
  public void restart() throws IOException {
    for (ListWalk walk : walks) {
      walk.restart();
    }
    findNext();
  }

  private void findNext() {
    place = order.size();
    for (ListWalk walk : walks) {
      place = Math.min(place, walk.place());
    }
  }
}
