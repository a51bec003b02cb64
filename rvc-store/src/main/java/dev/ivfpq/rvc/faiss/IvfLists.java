// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.faiss;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which vector lies in which list of an index that is written: always in that of its nearest
 * centroid, as faiss finds it nowhere else. Takes 4 bytes a vector.
 */
public final class IvfLists {
  /**
   * RVC asks for so many neighbours in one list, and in its real-time interface leaves a whole
   * block unconverted where a frame's list has fewer.
   */
  private static final int LEAST = 8;

  private static final int NONE = -1;

  private final CoarseQuantizer quantizer;
  private final int[] listOf;
  private final int[] sizes;

  private IvfLists(CoarseQuantizer quantizer, int[] listOf, int[] sizes) {
    this.quantizer = quantizer;
    this.listOf = listOf;
    this.sizes = sizes;
  }

  /**
   * Divides vectors among the lists of a quantizer; lists of less than 8 vectors are given up, and
   * theirs go to the nearest of the others. Of less than 8 vectors there is one list.
   *
   * @throws IOException if reading the vectors fails
   */
  public static IvfLists of(RowSource rows, CoarseQuantizer trained) throws IOException {
    int[] listOf = new int[rows.count()];
    Arrays.fill(listOf, NONE);
    int[] sizes = assign(rows, trained, listOf);
    List<float[]> kept = new ArrayList<>();
    int[] newList = new int[sizes.length];
    Arrays.fill(newList, NONE);
    int least = Math.min(LEAST, Arrays.stream(sizes).max().getAsInt());
    for (int list = 0; list < sizes.length; list++) {
      if (sizes[list] >= least) {
        newList[list] = kept.size();
        kept.add(trained.centroids()[list]);
      }
    }
    Arrays.setAll(listOf, row -> newList[listOf[row]]);
    CoarseQuantizer quantizer = new CoarseQuantizer(kept.toArray(float[][]::new));
    return new IvfLists(quantizer, listOf, assign(rows, quantizer, listOf));
  }

  /** Finds the list of each vector that has none, and counts all. */
  private static int[] assign(RowSource rows, CoarseQuantizer quantizer, int[] listOf)
      throws IOException {
    if (Arrays.stream(listOf).anyMatch(list -> list == NONE)) {
      rows.forEach(
          (id, vector) -> {
            if (listOf[(int) id] == NONE) {
              listOf[(int) id] = quantizer.nearest(vector);
            }
          });
    }
    int[] sizes = new int[quantizer.nlist()];
    for (int list : listOf) {
      sizes[list]++;
    }
    return sizes;
  }

  /** The centroids of the lists. */
  CoarseQuantizer quantizer() {
    return quantizer;
  }

  /** Number of lists. */
  public int nlist() {
    return sizes.length;
  }

  /** Number of vectors. */
  public int count() {
    return listOf.length;
  }

  /** Number of vectors in a list. */
  public int size(int list) {
    return sizes[list];
  }

  /** The list of a vector. */
  int listOf(int row) {
    return listOf[row];
  }
}
