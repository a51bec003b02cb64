// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import org.apache.lucene.codecs.Codec;
import org.apache.lucene.tests.index.BaseKnnVectorsFormatTestCase;
import org.apache.lucene.tests.util.TestUtil;

/** Lucene's own suite for vectors formats, run with given settings. */
abstract class IvfPqBaseSuite extends BaseKnnVectorsFormatTestCase {
  private final Codec codec;

  IvfPqBaseSuite(IvfPqParameters parameters) {
    codec = TestUtil.alwaysKnnVectorsFormat(new IvfPqVectorsFormat(parameters));
  }

  @Override
  protected Codec getCodec() {
    return codec;
  }

  /** Raw vectors are what the format re-ranks with; it cannot do without. */
  @Override
  protected boolean supportsFloatVectorFallback() {
    return false;
  }
}
