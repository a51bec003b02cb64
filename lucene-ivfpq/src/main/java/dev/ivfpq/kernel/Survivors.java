// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.kernel;

/**
 * Slots that passed a scan's threshold and their estimated distances, in the order of the scan.
 * Arrays are open to the kernels, which fill them; whoever created it reads and clears it.
 */
public final class Survivors {
  /** Position from the start of the scanned run: {@code 64 * (block - firstBlock) + slot}. */
  public final int[] positions;

  /** Estimated distance of the vector at the same index of {@link #positions}. */
  public final float[] distances;

  private static final long ALL = -1L;

  /** How many entries are filled. */
  public int size;

  /** Room for {@code capacity} survivors, a multiple of 64. */
  public Survivors(int capacity) {
    positions = new int[capacity];
    distances = new float[capacity];
  }

  public int capacity() {
    return positions.length;
  }

  /**
   * Appends slots of one block.
   *
   * @param slots the surviving ones: bit s for slot s
   * @param position position of slot 0
   * @param estimates (64), in slot order
   */
  public void append(long slots, int position, float[] estimates) {
    if (slots == ALL) {
      System.arraycopy(estimates, 0, distances, size, CodeBlocks.BLOCK);
      for (int slot = 0; slot < CodeBlocks.BLOCK; slot++) {
        positions[size + slot] = position + slot;
      }
      size += CodeBlocks.BLOCK;
      return;
    }
    for (long rest = slots; rest != 0; rest &= rest - 1) {
      int slot = Long.numberOfTrailingZeros(rest);
      positions[size] = position + slot;
      distances[size++] = estimates[slot];
    }
  }
}
