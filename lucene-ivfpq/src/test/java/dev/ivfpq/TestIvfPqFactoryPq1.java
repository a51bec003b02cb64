// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

/** Lucene's base suite for {@code IVF4,PQ1x4fs,RFlat}. */
public class TestIvfPqFactoryPq1 extends IvfPqBaseSuite {
  public TestIvfPqFactoryPq1() {
    super(IvfPqParameters.DEFAULT.withFactory("IVF4,PQ1x4fs,RFlat"));
  }
}
