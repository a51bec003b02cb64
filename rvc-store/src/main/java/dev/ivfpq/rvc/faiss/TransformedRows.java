// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.faiss;

import java.io.IOException;
import java.util.List;

/**
 * Rows as they were before an index transformed them.
 *
 * @param transforms in the order in which they were done
 */
record TransformedRows(FaissRows inner, List<Transform> transforms) implements FaissRows {
  @Override
  public int d() {
    return transforms.getFirst().dIn();
  }

  @Override
  public long count() {
    return inner.count();
  }

  @Override
  public boolean exact() {
    return inner.exact() && transforms.stream().allMatch(Transform::exact);
  }

  @Override
  public void forEach(RowVisitor visitor) throws IOException {
    float[][] between = new float[transforms.size()][];
    for (int i = 0; i < between.length; i++) {
      between[i] = new float[transforms.get(i).dIn()];
    }
    inner.forEach(
        (id, vector) -> {
          float[] y = vector;
          for (int i = between.length - 1; i >= 0; i--) {
            transforms.get(i).inverse().apply(y, between[i]);
            y = between[i];
          }
          visitor.row(id, y);
        });
  }
}
