// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch;

import dev.ivfpq.IvfPqSearchParameters;
import java.io.IOException;
import java.util.function.Supplier;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.xcontent.XContentBuilder;

/**
 * How much a query is to do for each model of a shard, as it was asked for.
 *
 * @param nprobe null for the segments' own
 * @param kFactor null for the segments' own
 * @param targetRecall null for the segments' own
 */
record IvfPqQueryEffort(Integer nprobe, Float kFactor, Float targetRecall) {

  /**
   * @throws IllegalArgumentException naming the parameter, its value and its bound
   */
  IvfPqQueryEffort {
    parameters(nprobe, kFactor, targetRecall);
  }

  IvfPqQueryEffort(StreamInput in) throws IOException {
    this(in.readOptionalVInt(), in.readOptionalFloat(), in.readOptionalFloat());
  }

  void writeTo(StreamOutput out) throws IOException {
    out.writeOptionalVInt(nprobe);
    out.writeOptionalFloat(kFactor);
    out.writeOptionalFloat(targetRecall);
  }

  void toXContent(XContentBuilder builder) throws IOException {
    if (nprobe != null) {
      builder.field("nprobe", nprobe);
    }
    if (kFactor != null) {
      builder.field("k_factor", kFactor);
    }
    if (targetRecall != null) {
      builder.field("target_recall", targetRecall);
    }
  }

  /** For the format's readers. */
  IvfPqSearchParameters parameters() {
    return parameters(nprobe, kFactor, targetRecall);
  }

  private static IvfPqSearchParameters parameters(
      Integer nprobe, Float kFactor, Float targetRecall) {
    IvfPqSearchParameters parameters = IvfPqSearchParameters.DEFAULT;
    if (nprobe != null) {
      IvfPqSearchParameters before = parameters;
      parameters = named("nprobe", () -> before.withNprobe(nprobe));
    }
    if (kFactor != null) {
      IvfPqSearchParameters before = parameters;
      parameters = named("k_factor", () -> before.withKFactor(kFactor));
    }
    if (targetRecall != null) {
      IvfPqSearchParameters before = parameters;
      parameters = named("target_recall", () -> before.withTargetRecall(targetRecall));
    }
    return parameters;
  }

  /** The format's sentence behind the name that the request uses. */
  private static IvfPqSearchParameters named(
      String name, Supplier<IvfPqSearchParameters> parameters) {
    try {
      return parameters.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "[" + IvfPqQueryBuilder.NAME + "] [" + name + "]: " + e.getMessage(), e);
    }
  }
}
