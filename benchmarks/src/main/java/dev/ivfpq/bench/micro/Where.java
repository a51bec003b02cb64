// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.micro;

/** Where scanned blocks lie: values of JMH's parameter {@code where}. */
enum Where {
  /** Scanned over and over: less than any second-level cache of today. */
  SECOND_LEVEL_CACHE(Where.L2, 192 << 10),
  /** Streamed: more than the caches of most machines hold. */
  MAIN_MEMORY(Where.MEMORY, 256 << 20);

  static final String L2 = "L2";
  static final String MEMORY = "memory";

  private final String param;

  /** Bytes of blocks, about. */
  final int bytes;

  Where(String param, int bytes) {
    this.param = param;
    this.bytes = bytes;
  }

  static Where named(String param) {
    for (Where where : values()) {
      if (where.param.equals(param)) {
        return where;
      }
    }
    throw new IllegalArgumentException(
        "where must be " + L2 + " or " + MEMORY + ", got where=" + param);
  }
}
