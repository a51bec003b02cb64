// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch;

import java.io.IOException;
import java.util.Arrays;
import org.opensearch.core.xcontent.XContentParser;
import org.opensearch.core.xcontent.XContentParser.Token;

/** Reads a vector from a document or a query: an array of finite numbers. */
final class VectorParser {
  private VectorParser() {}

  /**
   * Reads the array at which the parser stands, to its end.
   *
   * @param where begins the messages
   * @throws IllegalArgumentException if it is no array of numbers that are finite as floats
   */
  static float[] parse(XContentParser parser, String where) throws IOException {
    if (parser.currentToken() != Token.START_ARRAY) {
      throw new IllegalArgumentException(
          where + " takes an array of numbers, got " + shown(parser));
    }
    // Grows with what was read: nothing is allocated from a length that the sender claims.
    float[] values = new float[256];
    int n = 0;
    while (parser.nextToken() != Token.END_ARRAY) {
      if (parser.currentToken() != Token.VALUE_NUMBER) {
        throw new IllegalArgumentException(
            where + " takes an array of numbers, got " + shown(parser) + " at position " + n);
      }
      float value = parser.floatValue();
      if (!Float.isFinite(value)) {
        throw new IllegalArgumentException(
            where + " takes finite numbers, got " + parser.text() + " at position " + n);
      }
      if (n == values.length) {
        values = Arrays.copyOf(values, 2 * n);
      }
      values[n++] = value;
    }
    return Arrays.copyOf(values, n);
  }

  private static String shown(XContentParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_NULL -> "null";
      default -> "[" + parser.text() + "]";
    };
  }
}
