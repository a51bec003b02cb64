// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.filter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.IntPoint;
import org.apache.lucene.document.KeywordField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.TermQuery;

/**
 * The filters, and the fields that they ask for.
 *
 * <ul>
 *   <li>{@code random}: a range of points over numbers that were dealt out at random
 *   <li>{@code speakers}: a term that the first so many rows have, speaker by speaker: some whole
 *       speakers and the beginning of one more, or of one alone
 *   <li>{@code speaker}: the term of one whole speaker
 * </ul>
 */
final class FilterCases {
  /** The field of an indexed row's speaker, by which an index may be sorted. */
  static final String SPEAKER = "speaker";

  /** The kind of filter that knows no speakers. */
  static final String RANDOM = "random";

  private static final String NUMBER = "number";
  private static final String GROUP = "group";

  private final SpeakerRows rows;
  private final List<Double> shares;

  /** Indexed rows in the order of speakers, and the place of each row in it. */
  private final int[] bySpeaker;

  private final int[] place;

  /** The number that each indexed row was dealt, and the row of each number. */
  private final int[] number;

  private final int[] numbered;

  FilterCases(SpeakerRows rows, List<Double> shares, long seed) {
    this.rows = rows;
    this.shares = shares;
    this.bySpeaker = rows.bySpeaker();
    this.place = inverse(bySpeaker);
    List<Integer> dealt = new ArrayList<>(IntStream.range(0, place.length).boxed().toList());
    Collections.shuffle(dealt, new Random(seed));
    this.numbered = dealt.stream().mapToInt(Integer::intValue).toArray();
    this.number = inverse(numbered);
  }

  /** Adds the fields of one indexed row. */
  void addFields(int row, Document document) {
    document.add(new KeywordField(SPEAKER, Integer.toString(rows.speakers()[row]), Field.Store.NO));
    document.add(new IntPoint(NUMBER, number[row]));
    for (double share : shares) {
      if (place[row] < count(share)) {
        document.add(new StringField(GROUP, Double.toString(share), Field.Store.NO));
      }
    }
  }

  /** All cases. */
  List<FilterCase> all() {
    List<FilterCase> cases = new ArrayList<>();
    for (double share : shares) {
      int count = count(share);
      cases.add(
          new FilterCase(
              RANDOM,
              IntPoint.newRangeQuery(NUMBER, 0, count - 1),
              Arrays.copyOf(numbered, count)));
      cases.add(
          new FilterCase(
              "speakers",
              new TermQuery(new Term(GROUP, Double.toString(share))),
              Arrays.copyOf(bySpeaker, count)));
    }
    int first = rows.speakers()[bySpeaker[0]];
    cases.add(
        new FilterCase(
            "speaker",
            KeywordField.newExactQuery(SPEAKER, Integer.toString(first)),
            IntStream.of(bySpeaker).filter(row -> rows.speakers()[row] == first).toArray()));
    return cases;
  }

  private int count(double share) {
    return Math.max(1, (int) Math.round(share * place.length));
  }

  private static int[] inverse(int[] order) {
    int[] inverse = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      inverse[order[i]] = i;
    }
    return inverse;
  }
}
