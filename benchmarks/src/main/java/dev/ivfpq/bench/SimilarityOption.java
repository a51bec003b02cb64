// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench;

import dev.ivfpq.bench.data.VectorReader;
import dev.ivfpq.bench.data.VectorSet;
import dev.ivfpq.bench.run.Distance;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** How vectors are compared, and so how they are read. */
final class SimilarityOption {
  @Option(
      names = "--similarity",
      paramLabel = "NAME",
      defaultValue = "euclidean",
      description =
          "${COMPLETION-CANDIDATES}; vectors are normalized for dot_product."
              + " Default: ${DEFAULT-VALUE}.")
  Distance distance;

  VectorSet read(Path file) throws IOException {
    VectorSet set = VectorReader.read(file);
    return distance == Distance.DOT_PRODUCT ? set.normalized() : set;
  }
}
