// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.report;

import java.awt.Color;
import java.util.Locale;

/**
 * The colours of a chart. In a file they are these; in a page they are its CSS variables of the
 * same names, so that a chart is dark where the page is. No two are equal, and none is one that SVG
 * writes by name.
 */
enum Ink {
  PAPER(0xfdfdfc),
  GRID(0xe3e5e8),
  FAINT(0x8a9099),
  TEXT(0x3a414c),
  A(0x2563eb),
  B(0x0d9488),
  C(0x7c3aed),
  D(0xc2570c),
  E(0xbe185d),
  MARK(0x111827);

  /** Lines of a chart, in this order. */
  static final Ink[] LINES = {A, B, C, D, E};

  final Color color;

  Ink(int rgb) {
    this.color = new Color(rgb);
  }

  /** As Batik writes it. */
  String inFile() {
    return "rgb(" + color.getRed() + "," + color.getGreen() + "," + color.getBlue() + ")";
  }

  /** As a page takes it. */
  String inPage() {
    return "var(--" + name().toLowerCase(Locale.ROOT) + ")";
  }
}
