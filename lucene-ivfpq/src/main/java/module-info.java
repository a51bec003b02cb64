// SPDX-License-Identifier: Apache-2.0

/** A Lucene vectors format: inverted lists of 4-bit product quantization codes. */
module dev.ivfpq {
  requires transitive org.apache.lucene.core;
  requires static jdk.incubator.vector;

  exports dev.ivfpq;

  provides org.apache.lucene.codecs.KnnVectorsFormat with
      dev.ivfpq.IvfPqVectorsFormat;
}
