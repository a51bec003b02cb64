// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import org.junit.AfterClass;

/** Lucene's base suite for {@code IVF8,Flat} with lowered limits. */
public class TestIvfFlatFormatSmallLists extends IvfPqBaseSuite {
  public TestIvfFlatFormatSmallLists() {
    super(
        IvfPqParameters.DEFAULT
            .withFactory("IVF8,Flat")
            .withExactBelow(4)
            .withMinVectorsPerList(2));
  }

  @AfterClass
  public static void listsWereBuilt() {
    assertListsWereBuilt();
  }
}
