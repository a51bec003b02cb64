// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.spec;

/**
 * What a factory string asks for, without any number that is only known per segment.
 *
 * @param rotation linear map in front of everything
 * @param rotationDims width after the rotation; 0 if the rotation does not change it or chooses it
 * @param coarse whether there are lists at all ({@code IVF}), or every search is exhaustive
 * @param nlist number of lists asked for; 0 lets each segment choose
 * @param coding how the vectors of a list are stored
 * @param M number of sub-quantizers; 0 where the coding has none, or chooses it
 * @param rerank whether candidates are scored again from the raw vectors ({@code RFlat})
 */
public record Structure(
    Rotation rotation,
    int rotationDims,
    boolean coarse,
    int nlist,
    Coding coding,
    int M,
    boolean rerank) {

  /** The linear map y = R (x - mean) applied before lists and codes. */
  public enum Rotation {
    /** y = x. */
    NONE,
    /** Rotation learned for product quantization, {@code OPQM} or {@code OPQM_dims}. */
    OPQ,
    /** Principal axes followed by a random rotation, {@code PCARdims}. */
    PCAR,
    /** Principal axes, as many as the segment's variance asks for. */
    AUTO
  }

  /** How the vectors of a list are stored. */
  public enum Coding {
    /** Ordinals only; every vector of a probed list is scored from its raw values. */
    FLAT,
    /** 4-bit codes of the rotated vector itself, {@code x4fs}. */
    PQ,
    /** 4-bit codes of the rotated vector minus its centroid, {@code x4fsr}. */
    PQ_RESIDUAL
  }

  /** The structure used when no factory string is given. */
  public static final Structure DEFAULT =
      new Structure(Rotation.AUTO, 0, true, 0, Coding.PQ_RESIDUAL, 0, true);

  /**
   * Why vectors of {@code d} dimensions cannot be indexed by this structure, as a sentence with the
   * remedy; null if they can.
   */
  public String whyNot(int d) {
    if (rotation == Rotation.AUTO) {
      return null;
    }
    if (rotationDims > d) {
      return rotation
          + " to "
          + rotationDims
          + " dims needs vectors of at least as many, got d="
          + d;
    }
    int width = rotationDims > 0 ? rotationDims : d;
    if (rotation == Rotation.OPQ && width % M != 0 || coding != Coding.FLAT && width % M != 0) {
      return "M=" + M + " does not divide d=" + width + "; choose M from " + divisors(width);
    }
    return null;
  }

  private static String divisors(int d) {
    StringBuilder list = new StringBuilder();
    for (int m = 1; m <= d; m++) {
      if (d % m == 0) {
        list.append(list.isEmpty() ? "" : ", ").append(m);
      }
    }
    return list.toString();
  }
}
