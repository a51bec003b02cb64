// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.voices;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Figures of a row, and the stream whose blocks they are of. */
class VoiceRowTest {
  private static final VoicesPlan PLAN = new VoicesPlan(8, 16, 3000, .75, .95, .5, 3, List.of());

  /** Takes what it is told. */
  private record Told(double recall) implements Contender {
    @Override
    public String system() {
      return "told";
    }

    @Override
    public String setting() {
      return "";
    }

    @Override
    public double indexSeconds() {
      return 1.5;
    }

    @Override
    public Round round(int blocks, int clip) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }

  /** Blocks take 1 to 200 times {@code unit}, the longest first. */
  private static Contender.Round round(double unit, double clip) {
    double[] blocks = IntStream.range(0, 200).mapToDouble(i -> (200 - i) * unit).toArray();
    return new Contender.Round(blocks, clip);
  }

  @Test
  void takesMediansOfRounds() {
    List<Contender.Round> rounds = List.of(round(9, 40), round(1, 10), round(2, 30));
    VoiceRow first = VoiceRow.of(new Told(.97), rounds, PLAN, 3000, null, 90.5);
    assertEquals(200, first.p50(), "2 times 100, of the middle round");
    assertEquals(396, first.p99(), "2 times 198");
    assertEquals(30, first.clipMicros());
    assertEquals(200, first.blocks());
    assertEquals(1, first.timesStore());
    VoiceRow second = VoiceRow.of(new Told(.97), List.of(round(6, 60)), PLAN, 100, first, null);
    assertEquals(3, second.timesStore());
    assertEquals(2, second.timesStoreClip());
  }

  @Test
  void streamGoesRoundWithoutOverlap() {
    float[][] frames = {{0}, {1}, {2}, {3}, {4}};
    QueryStream stream = new QueryStream(frames, 2);
    float[][] block = new float[2][];
    float[] seen = new float[8];
    for (int number = 0; number < 4; number++) {
      stream.block(number, block);
      seen[2 * number] = block[0][0];
      seen[2 * number + 1] = block[1][0];
    }
    assertArrayEquals(new float[] {0, 1, 2, 3, 4, 0, 1, 2}, seen);
    List<float[]> clip = stream.clip(7);
    assertEquals(1, clip.get(6)[0]);
    clip.get(0)[0] = 9;
    assertEquals(0, frames[0][0], "a clip is the caller's own");
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new QueryStream(frames, 3));
    assertEquals(
        "5 queries are less than two blocks of 3 frames; give more queries or a smaller block",
        e.getMessage());
  }
}
