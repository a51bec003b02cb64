// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.npy;

/** What a file's numbers are arranged as. */
enum NpyShape {
  /** (n,). */
  LIST(1, "list", "save a list of numbers of shape (n,)"),
  /** (rows, dims). */
  MATRIX(2, "matrix", "save a matrix of shape (frames, dims)");

  private final int axes;
  private final String noun;
  private final String advice;

  NpyShape(int axes, String noun, String advice) {
    this.axes = axes;
    this.noun = noun;
    this.advice = advice;
  }

  int axes() {
    return axes;
  }

  String noun() {
    return noun;
  }

  String advice() {
    return advice;
  }
}
