// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch;

/** Writes vectors as JSON. */
final class Json {
  private Json() {}

  static String array(float[] vector) {
    StringBuilder json = new StringBuilder("[");
    for (int i = 0; i < vector.length; i++) {
      json.append(i == 0 ? "" : ",").append(vector[i]);
    }
    return json.append(']').toString();
  }
}
