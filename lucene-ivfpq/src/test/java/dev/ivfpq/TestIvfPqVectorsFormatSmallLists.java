// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import org.junit.AfterClass;

/**
 * Lucene's base suite for the default format with limits lowered so that the base suite's few
 * vectors get lists.
 */
public class TestIvfPqVectorsFormatSmallLists extends IvfPqBaseSuite {
  public TestIvfPqVectorsFormatSmallLists() {
    super(
        IvfPqParameters.DEFAULT.withExactBelow(4).withMinVectorsPerList(2).withMaxModelShare(1e9));
  }

  @AfterClass
  public static void listsWereBuilt() {
    assertListsWereBuilt();
  }
}
