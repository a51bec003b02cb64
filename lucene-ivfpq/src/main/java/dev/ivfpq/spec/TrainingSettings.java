// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.spec;

/**
 * How a segment's model is trained.
 *
 * @param exactBelow segments with fewer vectors get no lists and are scanned exactly
 * @param minVectorsPerList a segment of n vectors gets at most n / minVectorsPerList lists
 * @param maxModelShare where the structure is the default one, a model larger than this share of
 *     the raw vectors does not pay: the field gets no lists
 * @param sampleVectorsPerList training sees at most this many vectors for each list
 * @param seed of everything drawn at random
 * @param literalNlist take the number of lists literally, whatever {@code minVectorsPerList} says
 */
public record TrainingSettings(
    int exactBelow,
    int minVectorsPerList,
    double maxModelShare,
    int sampleVectorsPerList,
    long seed,
    boolean literalNlist) {

  /** Most lists a field of one segment can have. */
  public static final int MAX_NLIST = 65536;

  /** Where the number of lists is chosen, small segments may have as few vectors a list as this. */
  private static final int FINE = 24;

  /** Up to this many lists are ranked in no time: a small segment has them as soon as it can. */
  private static final int CHEAP_NLIST = 256;

  /**
   * How many times fewer lists than it would get a segment may have where nothing is trained anew:
   * as many as 2 sqrt(n) grows by when ten segments become one, and a little.
   */
  private static final double GROWTH = 3.25;

  /** Vectors a list must hold on average where nothing is trained anew. */
  private static final int THIN = 4;

  /**
   * Number of lists for {@code n} vectors; below 2 there are none and the field is scanned exactly.
   *
   * <p>Where the structure leaves it open, 2 sqrt(n): ranking centroids and scanning lists then
   * cost about the same (ARCHITECTURE.md, "Number of lists").
   */
  public int nlist(Structure structure, int n) {
    if (!structure.coarse() || n < exactBelow) {
      return 0;
    }
    boolean chosen = structure.nlist() == 0;
    int wanted =
        chosen
            ? (int) Math.min(MAX_NLIST, Math.max(CHEAP_NLIST, 2 * Math.sqrt(n)))
            : structure.nlist();
    int most = n / (chosen ? Math.min(FINE, minVectorsPerList) : minVectorsPerList);
    return Math.min(wanted, literalNlist ? n : most);
  }

  /**
   * Whether a model of {@code nlist} lists may serve {@code n} vectors without being trained for
   * them: it has at least a third of the lists it would get, and fills them with {@value #THIN}
   * vectors on average. At 1M x 256, half of 2 sqrt(n) lists took .955 of the time of a default
   * query, and recall was .967 instead of .972.
   */
  public boolean allows(Structure structure, int nlist, int n) {
    int wanted = nlist(structure, n);
    if (wanted < 2) {
      return false;
    }
    boolean filled = nlist == wanted || (long) THIN * nlist <= n;
    if (structure.nlist() > 0) {
      return filled && nlist >= wanted && nlist <= structure.nlist();
    }
    return filled && GROWTH * nlist >= wanted;
  }
}
