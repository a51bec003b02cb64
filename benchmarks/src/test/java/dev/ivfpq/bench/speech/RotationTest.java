// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.speech;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.lucene.util.VectorUtil;
import org.junit.jupiter.api.Test;

class RotationTest {
  @Test
  void axesStayAtRightAnglesAndOfLengthOne() {
    for (int d : new int[] {2, 3, 17, 256}) {
      Rotation rotation = new Rotation(1, d);
      float[][] turned = new float[d][d];
      for (int i = 0; i < d; i++) {
        turned[i][i] = 1;
        rotation.apply(turned[i]);
      }
      for (int i = 0; i < d; i++) {
        for (int j = 0; j < d; j++) {
          assertEquals(i == j ? 1 : 0, VectorUtil.dotProduct(turned[i], turned[j]), 1e-5, "d=" + d);
        }
      }
    }
  }

  @Test
  void anAxisIsMixedIntoAllOthers() {
    int d = 256;
    Rotation rotation = new Rotation(1, d);
    for (int axis = 0; axis < d; axis++) {
      float[] turned = new float[d];
      turned[axis] = 1;
      rotation.apply(turned);
      for (float value : turned) {
        // Six standard deviations of a coordinate of a uniform direction.
        assertTrue(Math.abs(value) < 6 / Math.sqrt(d), axis + " leaves " + value);
      }
    }
  }
}
