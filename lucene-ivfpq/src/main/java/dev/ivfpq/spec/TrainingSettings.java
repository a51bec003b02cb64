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
}
