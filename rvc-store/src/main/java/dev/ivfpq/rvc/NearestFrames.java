// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import org.apache.lucene.util.InPlaceMergeSorter;

/** The stored frames found for one frame, nearest first; room that is used again and again. */
final class NearestFrames {
  final int[] docs;
  final int[] leaves;
  final int[] ordinals;
  final double[] distances;
  int count;

  private final InPlaceMergeSorter sorter =
      new InPlaceMergeSorter() {
        @Override
        protected int compare(int i, int j) {
          int byDistance = Double.compare(distances[i], distances[j]);
          return byDistance != 0 ? byDistance : Integer.compare(docs[i], docs[j]);
        }

        @Override
        protected void swap(int i, int j) {
          swap(docs, i, j);
          swap(leaves, i, j);
          swap(ordinals, i, j);
          double distance = distances[i];
          distances[i] = distances[j];
          distances[j] = distance;
        }

        private static void swap(int[] values, int i, int j) {
          int value = values[i];
          values[i] = values[j];
          values[j] = value;
        }
      };

  /** Room for {@code k} frames. */
  NearestFrames(int k) {
    this.docs = new int[k];
    this.leaves = new int[k];
    this.ordinals = new int[k];
    this.distances = new double[k];
  }

  /** By distance, equally far ones by document. */
  void sort() {
    sorter.sort(0, count);
  }

  /** Forgets the nearest. */
  void dropFirst() {
    count--;
    System.arraycopy(docs, 1, docs, 0, count);
    System.arraycopy(leaves, 1, leaves, 0, count);
    System.arraycopy(ordinals, 1, ordinals, 0, count);
    System.arraycopy(distances, 1, distances, 0, count);
  }

  /** Takes over what another of the same size holds. */
  void set(NearestFrames other) {
    count = other.count;
    System.arraycopy(other.docs, 0, docs, 0, count);
    System.arraycopy(other.leaves, 0, leaves, 0, count);
    System.arraycopy(other.ordinals, 0, ordinals, 0, count);
    System.arraycopy(other.distances, 0, distances, 0, count);
  }
}
