// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.apache.lucene.util.Version;
import org.junit.jupiter.api.Test;

/** Proves that a build lane runs on the Lucene it names. */
class LuceneVersionTest {

  @Test
  void lanesRunOnTheLuceneTheyName() {
    assertEquals(
        System.getProperty("tests.lucene.version"),
        Version.LATEST.toString(),
        "core on the class path against tests.lucene.version of the build");
  }
}
