// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.merge;

import dev.ivfpq.IvfPqVectorsFormat;
import dev.ivfpq.bench.run.BenchSystem;
import dev.ivfpq.bench.run.IndexKind;
import dev.ivfpq.bench.run.RawVectorsFormat;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104HnswScalarQuantizedVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;

/** What is compared, each as it comes without any parameter. */
public enum MergeSystem {
  /** This format. */
  IVFPQ("ivfpq", IvfPqVectorsFormat::new, BenchSystem.IVFPQ),
  /** Lucene's graph over raw vectors. */
  HNSW("hnsw", Lucene99HnswVectorsFormat::new, BenchSystem.HNSW),
  /** Lucene's graph over scalar-quantized vectors. */
  HNSW_SQ("hnsw-sq", Lucene104HnswScalarQuantizedVectorsFormat::new, null),
  /** {@code Lucene99FlatVectorsFormat} alone: raw vectors and nothing else. */
  FLAT("flat", RawVectorsFormat::new, BenchSystem.MACHINERY);

  private final String label;
  private final Supplier<KnnVectorsFormat> format;
  private final BenchSystem searched;

  MergeSystem(String label, Supplier<KnnVectorsFormat> format, BenchSystem searched) {
    this.label = label;
    this.format = format;
    this.searched = searched;
  }

  /** A new instance of the format: what one writer does must not help the next. */
  public IndexKind kind() {
    return new IndexKind(label, format.get());
  }

  /** The system of the comparison of searches; null if it takes no part. */
  BenchSystem searched() {
    return searched;
  }

  /**
   * The system of this name.
   *
   * @throws IllegalArgumentException listing the names
   */
  public static MergeSystem named(String name) {
    return Arrays.stream(values())
        .filter(system -> system.label.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no system \""
                        + name
                        + "\"; choose from "
                        + Arrays.stream(values())
                            .map(MergeSystem::toString)
                            .collect(Collectors.joining(", "))));
  }

  /** As on the command line. */
  @Override
  public String toString() {
    return label;
  }
}
