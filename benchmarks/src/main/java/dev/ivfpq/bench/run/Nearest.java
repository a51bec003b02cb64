// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

import java.util.Arrays;

/** The nearest rows offered so far, in order. */
public final class Nearest {
  private final float[] distances;
  private final int[] rows;
  private int size;

  /** Room for the {@code capacity} nearest. */
  public Nearest(int capacity) {
    distances = new float[capacity];
    rows = new int[capacity];
  }

  /** Keeps the row if it is near enough. Rows rarely are, once the first thousands have passed. */
  public void offer(int row, float distance) {
    if (size == distances.length && !(distance < distances[size - 1])) {
      return;
    }
    int at = size == distances.length ? size - 1 : size++;
    while (at > 0 && distances[at - 1] > distance) {
      distances[at] = distances[at - 1];
      rows[at] = rows[at - 1];
      at--;
    }
    distances[at] = distance;
    rows[at] = row;
  }

  /** The rows, nearest first. */
  public int[] rows() {
    return Arrays.copyOf(rows, size);
  }

  /** Their distances, as offered. */
  public float[] distances() {
    return Arrays.copyOf(distances, size);
  }
}
