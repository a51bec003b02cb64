// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.search;

import dev.ivfpq.spec.Effort;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.tests.util.LuceneTestCase;

public class TestVisitingBudget extends LuceneTestCase {
  private static final float FAR = Float.POSITIVE_INFINITY;

  public void testOneModelKeepsItsEffort() throws IOException {
    Effort effort = new Effort(3, 0, 2, 2.5f, 10);
    VisitingBudget.Share share = share(effort, 100, 1, 2, 3, 4, 5);
    assertSame(effort, VisitingBudget.spread(List.of(share)).get(0));
  }

  public void testTheNearestListsOfAllModelsAreScanned() throws IOException {
    Effort effort = new Effort(4, 0, FAR, 2.5f, 10);
    VisitingBudget.Share near = share(effort, 100, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    VisitingBudget.Share far = share(effort, 100, 20, 21, 22, 23, 24, 25);
    assertEquals(
        List.of(new Effort(7, 0, FAR, 2.5f, 10), new Effort(1, 0, FAR, 2.5f, 10)),
        VisitingBudget.spread(List.of(near, far)));
  }

  public void testEverythingAskedForIsEverythingScanned() throws IOException {
    List<VisitingBudget.Share> shares = new ArrayList<>();
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      int nlist = 1 + random().nextInt(50);
      shares.add(
          share(new Effort(100_000, 0, FAR, 3, 10), 1 + random().nextInt(99), random(nlist)));
      all.add(nlist);
    }
    assertEquals(all, lists(VisitingBudget.spread(shares)));
  }

  /** One list at a time, the nearest of all that are left, is the definition. */
  public void testRandomModels() throws IOException {
    for (int round = 0; round < 200; round++) {
      List<VisitingBudget.Share> shares = new ArrayList<>();
      List<float[]> distances = new ArrayList<>();
      int count = 2 + random().nextInt(6);
      float reach = random().nextBoolean() ? FAR : 1 + random().nextFloat();
      for (int i = 0; i < count; i++) {
        float[] own = random(1 + random().nextInt(40));
        distances.add(own.clone());
        Effort effort = new Effort(1 + random().nextInt(30), 0, reach, 2, 5);
        shares.add(share(effort, 1 + random().nextInt(500), own));
      }
      List<Effort> efforts = VisitingBudget.spread(shares);
      assertTrue(efforts.stream().allMatch(effort -> effort.reach() == reach));
      List<Integer> actual = lists(efforts);
      assertEquals("round " + round, expected(shares, distances), actual);
      long budget = 0;
      long spent = 0;
      long largest = 0;
      for (int i = 0; i < count; i++) {
        VisitingBudget.Share share = shares.get(i);
        budget += Math.min(share.effort().nprobe(), share.order().size()) * share.listSize();
        spent += actual.get(i) * share.listSize();
        largest = Math.max(largest, share.listSize());
      }
      assertTrue(spent + " of " + budget, spent < budget + largest);
    }
  }

  private static List<Integer> expected(
      List<VisitingBudget.Share> shares, List<float[]> distances) {
    List<Integer> lists = new ArrayList<>();
    long left = 0;
    for (int i = 0; i < shares.size(); i++) {
      java.util.Arrays.sort(distances.get(i));
      int most = Math.min(shares.get(i).effort().nprobe(), distances.get(i).length);
      int least = (int) Math.ceil(most / 6.0);
      lists.add(least);
      left += (most - least) * shares.get(i).listSize();
    }
    while (left > 0) {
      int best = -1;
      float distance = FAR;
      for (int i = 0; i < lists.size(); i++) {
        if (lists.get(i) < distances.get(i).length && distances.get(i)[lists.get(i)] < distance) {
          best = i;
          distance = distances.get(i)[lists.get(i)];
        }
      }
      if (best < 0) {
        return lists;
      }
      lists.set(best, lists.get(best) + 1);
      left -= shares.get(best).listSize();
    }
    return lists;
  }

  private static float[] random(int nlist) {
    float[] distances = new float[nlist];
    for (int list = 0; list < nlist; list++) {
      distances[list] = 1 + random().nextFloat();
    }
    return distances;
  }

  private static VisitingBudget.Share share(Effort effort, int listSize, float... distances) {
    int wanted = Math.min(effort.nprobe(), distances.length) + 1;
    return new VisitingBudget.Share(ListOrder.of(distances, wanted), effort, listSize);
  }

  private static List<Integer> lists(List<Effort> efforts) {
    return efforts.stream().map(Effort::nprobe).toList();
  }
}
