// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

/** Lucene's base suite for {@code IVF8,Flat}. */
public class TestIvfFlatFormat extends IvfPqBaseSuite {
  public TestIvfFlatFormat() {
    super(IvfPqParameters.DEFAULT.withFactory("IVF8,Flat"));
  }
}
