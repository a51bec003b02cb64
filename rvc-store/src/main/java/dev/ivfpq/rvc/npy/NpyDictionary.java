// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.npy;

import java.util.ArrayList;
import java.util.List;

/**
 * The Python dictionary in a {@code .npy} header, by a grammar that evaluates nothing.
 *
 * <pre>
 * header = "{" entry { "," entry } [ "," ] "}"      blanks and line ends between all words
 * entry  = "descr" ":" string | "fortran_order" ":" ( "True" | "False" ) | "shape" ":" tuple
 * string = "'" { printable ASCII } "'"              or in double quotes; no escapes
 * tuple  = "(" ")" | "(" number "," [ number { "," number } [ "," ] ] ")"
 * number = "0" | digit other than 0, then up to 17 digits
 * </pre>
 *
 * Each of the three keys must stand there once, in any order; the keys are quoted.
 *
 * @param descr NumPy's name of the type, unchecked
 * @param fortranOrder whether columns, not rows, lie together
 * @param shape the lengths, each at least 0
 */
record NpyDictionary(String descr, boolean fortranOrder, List<Long> shape) {
  private static final int MAX_DIGITS = 18;

  /**
   * Reads a dictionary.
   *
   * @param text the header's text, one character a byte
   * @param file named in messages
   * @param textOffset where in the file {@code text} starts, for messages
   * @throws NpyException at the first character that does not fit
   */
  static NpyDictionary parse(String text, String file, long textOffset) throws NpyException {
    return new Parser(text, file, textOffset).header();
  }

  private static final class Parser {
    private final String text;
    private final String file;
    private final long textOffset;
    private int position;

    private String descr;
    private Boolean fortranOrder;
    private List<Long> shape;

    Parser(String text, String file, long textOffset) {
      this.text = text;
      this.file = file;
      this.textOffset = textOffset;
    }

    NpyDictionary header() throws NpyException {
      expect('{');
      while (!accept('}')) {
        entry();
        if (!accept(',')) {
          expect('}');
          break;
        }
      }
      skipBlanks();
      if (position < text.length()) {
        throw refused("unexpected " + found() + " after the dictionary");
      }
      if (descr == null || fortranOrder == null || shape == null) {
        throw refused("the header needs the keys descr, fortran_order and shape");
      }
      return new NpyDictionary(descr, fortranOrder, shape);
    }

    private void entry() throws NpyException {
      skipBlanks();
      int start = position;
      String key = string("a key");
      boolean repeated =
          switch (key) {
            case "descr" -> descr != null;
            case "fortran_order" -> fortranOrder != null;
            case "shape" -> shape != null;
            default -> {
              position = start;
              throw refused("unknown key \"" + key + "\"");
            }
          };
      if (repeated) {
        position = start;
        throw refused("the key " + key + " stands there twice");
      }
      expect(':');
      switch (key) {
        case "descr" -> descr = type();
        case "fortran_order" -> fortranOrder = bool();
        default -> shape = tuple();
      }
    }

    private String type() throws NpyException {
      skipBlanks();
      if (position < text.length() && text.charAt(position) == '[') {
        throw refused(
            "a structured array, where a matrix of numbers is needed; save the numbers alone");
      }
      return string("the name of a type");
    }

    private String string(String what) throws NpyException {
      skipBlanks();
      char quote = position < text.length() ? text.charAt(position) : 0;
      if (quote != '\'' && quote != '"') {
        throw refused("expected " + what + " in quotes, found " + found());
      }
      int start = ++position;
      while (position < text.length() && text.charAt(position) != quote) {
        char c = text.charAt(position);
        if (c < ' ' || c > '~' || c == '\\') {
          throw refused("unexpected " + found() + " in quotes");
        }
        position++;
      }
      if (position == text.length()) {
        throw refused("the quotes are not closed");
      }
      return text.substring(start, position++);
    }

    private boolean bool() throws NpyException {
      skipBlanks();
      for (boolean value : new boolean[] {false, true}) {
        String word = value ? "True" : "False";
        if (text.startsWith(word, position)) {
          position += word.length();
          return value;
        }
      }
      throw refused("expected True or False, found " + found());
    }

    private List<Long> tuple() throws NpyException {
      expect('(');
      List<Long> lengths = new ArrayList<>();
      while (!accept(')')) {
        lengths.add(number());
        if (!accept(',')) {
          if (lengths.size() == 1) {
            throw refused("expected ',' after the only length, found " + found());
          }
          expect(')');
          break;
        }
      }
      return List.copyOf(lengths);
    }

    private long number() throws NpyException {
      skipBlanks();
      int start = position;
      while (position < text.length() && isDigit(text.charAt(position))) {
        position++;
      }
      int digits = position - start;
      if (digits == 0) {
        throw refused("expected a length, found " + found());
      }
      if (digits > MAX_DIGITS || (digits > 1 && text.charAt(start) == '0')) {
        position = start;
        throw refused("a length of " + digits + " digits that cannot be right");
      }
      return Long.parseLong(text, start, position, 10);
    }

    private static boolean isDigit(char c) {
      return c >= '0' && c <= '9';
    }

    private boolean accept(char wanted) {
      skipBlanks();
      if (position < text.length() && text.charAt(position) == wanted) {
        position++;
        return true;
      }
      return false;
    }

    private void expect(char wanted) throws NpyException {
      if (!accept(wanted)) {
        throw refused("expected '" + wanted + "', found " + found());
      }
    }

    private void skipBlanks() {
      while (position < text.length() && " \t\r\n".indexOf(text.charAt(position)) >= 0) {
        position++;
      }
    }

    private String found() {
      if (position == text.length()) {
        return "the header's end";
      }
      char c = text.charAt(position);
      return c > ' ' && c <= '~' ? "'" + c + "'" : "byte 0x" + Integer.toHexString(c);
    }

    private NpyException refused(String problem) {
      return NpyException.atOffset(
          file,
          textOffset + position,
          "not a .npy header: " + problem + "; write the file again with numpy.save");
    }
  }
}
