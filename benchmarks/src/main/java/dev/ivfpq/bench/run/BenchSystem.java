// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.run;

import dev.ivfpq.IvfPqVectorsFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.lucene.codecs.lucene104.Lucene104HnswScalarQuantizedVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.util.quantization.QuantizedByteVectorValues.ScalarEncoding;

/** What is compared: how each system may be built, and which settings its queries may have. */
public enum BenchSystem {
  /** The format as it comes, no parameter given. */
  IVFPQ("ivfpq") {
    @Override
    public List<IndexKind> kinds(int dims) {
      return List.of(new IndexKind("ivfpq", new IvfPqVectorsFormat()));
    }

    @Override
    List<Family> families(BuiltIndex index, int k) {
      return lists(index, k);
    }
  },
  /** The same, its segments searched together by its own query. */
  IVFPQ_QUERY("ivfpq-query") {
    @Override
    public List<IndexKind> kinds(int dims) {
      return IVFPQ.kinds(dims);
    }

    @Override
    List<Family> families(BuiltIndex index, int k) {
      return lists(index, k).stream().map(Family::ofAllTogether).toList();
    }
  },
  /** The recipe that RVC's tuning guide recommends. */
  SEED("seed") {
    @Override
    public List<IndexKind> kinds(int dims) {
      int M = dims % 128 == 0 ? 128 : Math.max(1, dims / 2);
      String factory = "IVF1024,PQ" + M + "x4fs,RFlat";
      return List.of(new IndexKind(factory, new IvfPqVectorsFormat(factory)));
    }

    @Override
    List<Family> families(BuiltIndex index, int k) {
      return lists(index, k);
    }
  },
  /** Lucene's graph over raw vectors. */
  HNSW("hnsw") {
    @Override
    public List<IndexKind> kinds(int dims) {
      return Arrays.stream(GRAPH_M)
          .mapToObj(M -> new IndexKind("hnsw M=" + M, new Lucene99HnswVectorsFormat(M, BEAM_WIDTH)))
          .toList();
    }

    @Override
    List<Family> families(BuiltIndex index, int k) {
      return List.of(new Family(index, k, maxQueue(index, k), Setting::queue));
    }
  },
  /** Lucene's graph over scalar-quantized vectors, hits scored again from the raw ones. */
  HNSW_SQ("hnsw-sq") {
    @Override
    public List<IndexKind> kinds(int dims) {
      List<IndexKind> kinds = new ArrayList<>();
      for (int bits : CODE_BITS) {
        for (int M : GRAPH_M) {
          kinds.add(
              new IndexKind(
                  "hnsw-sq " + bits + " bit M=" + M,
                  new Lucene104HnswScalarQuantizedVectorsFormat(
                      ScalarEncoding.fromNumBits(bits), M, BEAM_WIDTH)));
        }
      }
      return kinds;
    }

    @Override
    List<Family> families(BuiltIndex index, int k) {
      return List.of(new Family(index, k, maxQueue(index, k), Setting::rescoredQueue));
    }
  },
  /** Every distance, by Lucene: its HNSW format told never to build a graph. */
  FLAT("flat") {
    @Override
    public List<IndexKind> kinds(int dims) {
      return List.of(
          new IndexKind(
              "flat",
              new Lucene99HnswVectorsFormat(
                  Lucene99HnswVectorsFormat.DEFAULT_MAX_CONN,
                  BEAM_WIDTH,
                  Lucene99HnswVectorsFormat.DEFAULT_NUM_MERGE_WORKER,
                  null,
                  Integer.MAX_VALUE)));
    }

    @Override
    List<Family> families(BuiltIndex index, int k) {
      return List.of(fixed(index, Setting.plain("", k)));
    }
  },
  /** No search at all: what Lucene around one takes. Its hits are any k documents. */
  MACHINERY("machinery") {
    @Override
    public List<IndexKind> kinds(int dims) {
      return List.of(new IndexKind("machinery", new RawVectorsFormat()));
    }

    @Override
    List<Family> families(BuiltIndex index, int k) {
      return List.of(fixed(index, Setting.plain("", k)));
    }
  };

  /** Words of a query that no setting comes with. */
  static final String DEFAULT = "default";

  private static final int[] GRAPH_M = {16, 32};
  private static final int[] CODE_BITS = {1, 4, 7, 8};

  /** Lucene's own default. */
  private static final int BEAM_WIDTH = Lucene99HnswVectorsFormat.DEFAULT_BEAM_WIDTH;

  /** Where a larger queue does not reach a recall, the search gives up here. */
  public static final int MAX_QUEUE = 2000;

  private static final float[] TARGET_RECALLS = {.9f, .95f, .99f};
  private static final float[] K_FACTORS = {1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128};

  private final String label;

  BenchSystem(String label) {
    this.label = label;
  }

  /** All ways of building it. */
  public abstract List<IndexKind> kinds(int dims);

  /** All ways of searching {@code index}. */
  abstract List<Family> families(BuiltIndex index, int k);

  /** Whether it is this format. */
  public boolean hasLists() {
    return this == IVFPQ || this == IVFPQ_QUERY || this == SEED;
  }

  private static int maxQueue(BuiltIndex index, int k) {
    return Math.max(k, Math.min(MAX_QUEUE, index.size()));
  }

  private static Family fixed(BuiltIndex index, Setting setting) {
    return new Family(index, 1, 1, effort -> setting);
  }

  /** The default, what segments measured, and a growing number of lists with each k_factor. */
  private static List<Family> lists(BuiltIndex index, int k) {
    List<Family> families = new ArrayList<>();
    families.add(fixed(index, Setting.plain(DEFAULT, k)));
    if (index.nlist() > 0) {
      for (float recall : TARGET_RECALLS) {
        families.add(fixed(index, Setting.recall(k, recall)));
      }
      families.add(new Family(index, 1, index.nlist(), nprobe -> Setting.lists(k, nprobe)));
      for (float kFactor : K_FACTORS) {
        families.add(
            new Family(index, 1, index.nlist(), nprobe -> Setting.lists(k, nprobe, kFactor)));
      }
    }
    return families;
  }

  /**
   * The system of this name.
   *
   * @throws IllegalArgumentException listing the names
   */
  public static BenchSystem named(String name) {
    return Arrays.stream(values())
        .filter(system -> system.label.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException("no system \"" + name + "\"; choose from " + names()));
  }

  private static String names() {
    return Arrays.stream(values()).map(BenchSystem::toString).collect(Collectors.joining(", "));
  }

  /** As on the command line. */
  @Override
  public String toString() {
    return label;
  }
}
