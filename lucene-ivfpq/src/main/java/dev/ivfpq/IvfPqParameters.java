// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq;

import dev.ivfpq.spec.FactoryString;
import dev.ivfpq.spec.Structure;
import dev.ivfpq.spec.TrainingSettings;

/**
 * Every setting with which segments are built. Searching needs none of them: what a reader must
 * know is in the segment.
 *
 * @param factory structure in faiss's words, such as {@code IVF1024,PQ128x4fs,RFlat}; empty for the
 *     default: residual codes, a learned rotation, and a number of lists chosen per segment
 * @param exactBelow segments with fewer vectors get no lists and are scanned exactly, at least 1
 * @param minVectorsPerList a segment of n vectors gets at most n / minVectorsPerList lists, at
 *     least 1
 * @param maxModelShare without a factory string, a segment whose model would take more than this
 *     share of its raw vectors' bytes gets no lists; above 0
 * @param sampleVectorsPerList training sees at most this many vectors for each list, at least 1
 * @param seed of everything drawn at random: equal vectors and settings give equal files
 * @param literalNlist takes the number of lists literally, without regard to {@code
 *     minVectorsPerList}; for comparisons with faiss
 */
public record IvfPqParameters(
    String factory,
    int exactBelow,
    int minVectorsPerList,
    double maxModelShare,
    int sampleVectorsPerList,
    long seed,
    boolean literalNlist) {

  /** faiss trains 39 vectors a list before it warns; its k-means sees up to 256. */
  public static final IvfPqParameters DEFAULT =
      new IvfPqParameters("", 1000, 39, 0.12, 64, 42, false);

  /**
   * @throws IllegalArgumentException naming the setting, its value and its bound
   */
  public IvfPqParameters {
    if (!factory.isEmpty()) {
      FactoryString.parse(factory);
    }
    atLeastOne("exactBelow", exactBelow);
    atLeastOne("minVectorsPerList", minVectorsPerList);
    atLeastOne("sampleVectorsPerList", sampleVectorsPerList);
    if (!(maxModelShare > 0)) {
      throw new IllegalArgumentException(
          "maxModelShare must be above 0, got maxModelShare=" + maxModelShare);
    }
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, got " + name + "=" + value);
    }
  }

  /**
   * Default settings for a structure in faiss's words, trained from 128 vectors a list: faiss takes
   * up to 256, and at nprobe 8 half of the 128 cost .004 more recall@10 (117k x 256, 1,024 lists).
   *
   * @throws IllegalArgumentException naming the position, the reason and what is supported
   */
  public static IvfPqParameters of(String factory) {
    FactoryString.parse(factory);
    return DEFAULT.withFactory(factory).withSampleVectorsPerList(128);
  }

  public IvfPqParameters withFactory(String value) {
    return new IvfPqParameters(
        value,
        exactBelow,
        minVectorsPerList,
        maxModelShare,
        sampleVectorsPerList,
        seed,
        literalNlist);
  }

  public IvfPqParameters withExactBelow(int value) {
    return new IvfPqParameters(
        factory, value, minVectorsPerList, maxModelShare, sampleVectorsPerList, seed, literalNlist);
  }

  public IvfPqParameters withMinVectorsPerList(int value) {
    return new IvfPqParameters(
        factory, exactBelow, value, maxModelShare, sampleVectorsPerList, seed, literalNlist);
  }

  public IvfPqParameters withMaxModelShare(double value) {
    return new IvfPqParameters(
        factory, exactBelow, minVectorsPerList, value, sampleVectorsPerList, seed, literalNlist);
  }

  public IvfPqParameters withSampleVectorsPerList(int value) {
    return new IvfPqParameters(
        factory, exactBelow, minVectorsPerList, maxModelShare, value, seed, literalNlist);
  }

  public IvfPqParameters withSeed(long value) {
    return new IvfPqParameters(
        factory,
        exactBelow,
        minVectorsPerList,
        maxModelShare,
        sampleVectorsPerList,
        value,
        literalNlist);
  }

  public IvfPqParameters withLiteralNlist() {
    return new IvfPqParameters(
        factory, exactBelow, minVectorsPerList, maxModelShare, sampleVectorsPerList, seed, true);
  }

  /** What the factory string asks for. */
  Structure structure() {
    return factory.isEmpty() ? Structure.DEFAULT : FactoryString.parse(factory);
  }

  TrainingSettings trainingSettings() {
    return new TrainingSettings(
        exactBelow, minVectorsPerList, maxModelShare, sampleVectorsPerList, seed, literalNlist);
  }
}
