// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import org.junit.AfterClass;

/** Lucene's base suite for {@code IVF4,PQ1x4fs,RFlat} with lowered limits. */
public class TestIvfPqFactoryPq1SmallLists extends IvfPqBaseSuite {
  public TestIvfPqFactoryPq1SmallLists() {
    super(
        IvfPqParameters.DEFAULT
            .withFactory("IVF4,PQ1x4fs,RFlat")
            .withExactBelow(4)
            .withMinVectorsPerList(2));
  }

  @AfterClass
  public static void listsWereBuilt() {
    assertListsWereBuilt();
  }
}
