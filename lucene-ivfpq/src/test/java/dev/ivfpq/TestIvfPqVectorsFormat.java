// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import org.apache.lucene.codecs.Codec;
import org.apache.lucene.tests.index.BaseKnnVectorsFormatTestCase;
import org.apache.lucene.tests.util.TestUtil;

/** Lucene's own suite for vector formats, on the default settings. */
public class TestIvfPqVectorsFormat extends BaseKnnVectorsFormatTestCase {

  @Override
  protected Codec getCodec() {
    return TestUtil.alwaysKnnVectorsFormat(new IvfPqVectorsFormat());
  }

  @Override
  protected boolean supportsFloatVectorFallback() {
    return false;
  }
}
