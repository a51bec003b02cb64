// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.spec.Effort;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.util.LongHeap;

/**
 * Spreads what one query may visit over the lists of several models: as many vectors as all of
 * their efforts come to, in the lists nearest to the query, whichever model's they are.
 */
final class VisitingBudget {
  /** One in so many of the lists of its own effort is scanned of each model, however far. */
  private static final int LEAST = 6;

  private VisitingBudget() {}

  /**
   * A model's part in it.
   *
   * @param order of its lists for the query
   * @param effort what it would do by itself
   * @param listSize vectors that a list holds on average, at least 1
   */
  record Share(ListOrder order, Effort effort, long listSize) {

    private int most() {
      return Math.min(effort.nprobe(), order.size());
    }

    private int least() {
      return (most() + LEAST - 1) / LEAST;
    }
  }

  /** What each model is to do instead of its own effort. */
  static List<Effort> spread(List<Share> shares) throws IOException {
    if (shares.size() < 2) {
      return shares.stream().map(Share::effort).toList();
    }
    int[] lists = new int[shares.size()];
    long left = 0;
    LongHeap heads = new LongHeap(shares.size());
    for (int i = 0; i < lists.length; i++) {
      Share share = shares.get(i);
      lists[i] = share.least();
      left += (share.most() - lists[i]) * share.listSize;
      if (lists[i] < share.order.size()) {
        heads.push(head(share, lists[i], i));
      }
    }
    while (left > 0 && heads.size() > 0) {
      int i = DistanceKey.id(heads.top());
      Share share = shares.get(i);
      lists[i]++;
      left -= share.listSize;
      if (lists[i] == share.order.size()) {
        heads.pop();
      } else {
        heads.updateTop(head(share, lists[i], i));
      }
    }
    List<Effort> spread = new ArrayList<>(lists.length);
    for (int i = 0; i < lists.length; i++) {
      spread.add(shares.get(i).effort.withNprobe(lists[i]));
    }
    return spread;
  }

  private static long head(Share share, int place, int model) throws IOException {
    return DistanceKey.of(share.order.distance(place), model);
  }
}
