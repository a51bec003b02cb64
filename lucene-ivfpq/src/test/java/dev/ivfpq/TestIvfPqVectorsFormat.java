// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

/** Lucene's base suite for the default format. */
public class TestIvfPqVectorsFormat extends IvfPqBaseSuite {
  public TestIvfPqVectorsFormat() {
    super(IvfPqParameters.DEFAULT);
  }
}
