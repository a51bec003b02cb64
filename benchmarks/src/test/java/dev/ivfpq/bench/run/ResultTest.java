// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ResultTest {
  private static final Result QUICK = result(0.90, 10);
  private static final Result MIDDLE = result(0.96, 20);
  private static final Result EXACT = result(0.999, 90);
  private static final Result SLOW = result(0.97, 50);

  @Test
  void bestIsTheFastestThatReachesTheTarget() {
    List<Result> all = List.of(SLOW, EXACT, QUICK, MIDDLE);
    assertEquals(MIDDLE, Result.best(all, 0.95));
    assertEquals(EXACT, Result.best(all, 0.99));
    assertEquals(QUICK, Result.best(all, 0.90));
  }

  @Test
  void whereNoneReachesItTheMostAccurateStandsIn() {
    assertEquals(SLOW, Result.best(List.of(QUICK, SLOW, MIDDLE), 0.99));
  }

  private static Result result(double recall, double micros) {
    return new Result(
        new Trial(null, recall, micros), new Timing(micros, micros, micros, micros, 100));
  }
}
