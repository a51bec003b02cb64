// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.it;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ivfpq.it.SetSearcher.Answer;
import dev.ivfpq.it.SetSearcher.Hit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.join.BitSetProducer;
import org.apache.lucene.search.join.DiversifyingChildrenFloatKnnVectorQuery;
import org.apache.lucene.search.join.QueryBitSetProducer;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.IOUtils;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the format finds, against brute force: the same checks on every set of vectors. Each prints
 *
 * <pre>set | check | nlist, nprobe, kFactor | recall | share of the vectors visited</pre>
 */
@ParameterizedClass
@MethodSource("sources")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecallTest {
  private static final int K = 10;

  /** For defaults, whatever else is asked for with them. */
  private static final double DEFAULT_RECALL = .95;

  /** For an eighth of the lists and {@link #DEEP_K_FACTOR}. */
  private static final double DEEP_RECALL = .985;

  private static final float DEEP_K_FACTOR = 32;

  /** Of a set of at least {@link #LARGE} vectors, what a range query may visit. */
  private static final double RANGE_VISITS = .3;

  private static final int LARGE = 100_000;

  private static final int VOICE_DIMS = 256;
  private static final int SPEAKERS = 6;
  private static final double DELETED = .3;
  private static final int MOST_CHILDREN = 20;

  @Parameter private SetSource source;
  private final long seed = seed();
  private Path temporary;
  private VectorSet set;
  private ExactAnswers truth;
  private Directory directory;
  private SetSearcher searcher;

  static List<SetSource> sources() throws IOException {
    return SetSource.all(Path.of(System.getProperty("tests.root")).toRealPath());
  }

  private static long seed() {
    String given = System.getProperty("tests.seed");
    return given == null ? new Random().nextLong() : Long.parseUnsignedLong(given, 16);
  }

  @BeforeParameterizedClassInvocation
  void indexTheSet(SetSource source, @TempDir Path folder) throws IOException {
    temporary = folder;
    source.absence().ifPresent(this::skip);
    set = source.read();
    System.out.printf(
        "%s: %d x %d, %d queries, -Dtests.seed=%X%n",
        source, set.size(), set.dims(), set.queries().length, seed);
    truth = ExactAnswers.to(set, VectorSimilarityFunction.EUCLIDEAN);
    directory = newDirectory();
    new SetWriter(directory).write(set, VectorSimilarityFunction.EUCLIDEAN);
    searcher = new SetSearcher(directory);
  }

  @AfterParameterizedClassInvocation
  void close() throws IOException {
    IOUtils.close(searcher, directory);
  }

  private void skip(String reason) {
    System.out.println(source + ": skipped, " + reason);
    Assumptions.abort(reason);
  }

  private Directory newDirectory() throws IOException {
    return new MMapDirectory(Files.createTempDirectory(temporary, "index"));
  }

  @Test
  void defaults() throws IOException {
    nearest("defaults", Probing.ofDefaults(searcher.stats())).assertRecall(DEFAULT_RECALL);
  }

  @Test
  void anEighthOfTheLists() throws IOException {
    nearest("nlist/8", deep(searcher)).assertRecall(DEEP_RECALL);
  }

  private static Probing deep(SetSearcher searcher) {
    return Probing.of(Math.ceilDiv(searcher.stats().nlist(), 8), DEEP_K_FACTOR);
  }

  @Test
  void everything() throws IOException {
    Probing everything =
        Probing.of(searcher.stats().nlist(), (float) Math.ceil((double) set.size() / K));
    Tally tally = new Tally(set.name(), "everything", searcher.stats(), everything);
    for (int query = 0; query < set.queries().length; query++) {
      float[] target = set.queries()[query];
      Answer answer = searcher.search(nearestTo(target, null, everything), K);
      assertEquals(
          searcher.search(VectorQueries.exact(target, K), K).hits(),
          answer.hits(),
          "hits and scores of Lucene's exact search");
      tally.add(found(answer, query, truth, truth.kth(query, K)), K, answer.visited());
    }
    tally.print();
    tally.assertAllFound();
  }

  @Test
  void withinOneSpeaker() throws IOException {
    List<Executable> checks = new ArrayList<>();
    for (String speaker : set.someSpeakers(SPEAKERS)) {
      Tally tally =
          nearest(
              "filter " + speaker,
              searcher,
              truth,
              set,
              Probing.ofDefaults(searcher.stats()),
              new TermQuery(new Term(SetWriter.SPEAKER, speaker)),
              id -> set.speakers()[id].equals(speaker));
      checks.add(() -> tally.assertRecall(DEFAULT_RECALL));
    }
    assertAll(checks);
  }

  @Test
  void afterDeletes() throws IOException {
    Random random = new Random(seed);
    BitSet deleted = new BitSet();
    for (int id = 0; id < set.size(); id++) {
      deleted.set(id, random.nextDouble() < DELETED);
    }
    try (Directory shrunk = newDirectory()) {
      for (String file : directory.listAll()) {
        shrunk.copyFrom(directory, file, file, IOContext.DEFAULT);
      }
      new SetWriter(shrunk).delete(deleted);
      try (SetSearcher left = new SetSearcher(shrunk)) {
        assertEquals(set.size() - deleted.cardinality(), left.stats().size(), "vectors left");
        IntPredicate kept = id -> !deleted.get(id);
        Probing defaults = Probing.ofDefaults(left.stats());
        Tally shallow = nearest("deletes, defaults", left, truth, set, defaults, null, kept);
        Tally deep = nearest("deletes, nlist/8", left, truth, set, deep(left), null, kept);
        assertAll(() -> shallow.assertRecall(DEFAULT_RECALL), () -> deep.assertRecall(DEEP_RECALL));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "EUCLIDEAN")
  void otherSimilarities(VectorSimilarityFunction similarity) throws IOException {
    boolean raw = similarity == VectorSimilarityFunction.MAXIMUM_INNER_PRODUCT;
    if (set.dims() != VOICE_DIMS && !(raw && set.name().equals("fashion784"))) {
      skip(similarity + " is measured on voices of 256 dims, raw inner products on fashion784 too");
    }
    VectorSet vectors = raw ? set : set.normalized();
    ExactAnswers exact = ExactAnswers.to(vectors, similarity);
    try (Directory other = newDirectory()) {
      new SetWriter(other).write(vectors, similarity);
      try (SetSearcher searcher = new SetSearcher(other)) {
        Probing defaults = Probing.ofDefaults(searcher.stats());
        nearest(similarity.name(), searcher, exact, vectors, defaults, null, id -> true)
            .assertRecall(DEFAULT_RECALL);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 100, 1000})
  void range(int trueHits) throws IOException {
    Probing defaults = Probing.ofDefaults(searcher.stats());
    Tally tally = new Tally(set.name(), "range " + trueHits, searcher.stats(), defaults);
    for (int query = 0; query < set.queries().length; query++) {
      float radius = truth.kth(query, trueHits);
      // A little lower, or rounding decides about the last hit.
      float least = 1 / (1 + radius) * (1 - 1e-6f);
      Answer answer = searcher.searchAll(VectorQueries.above(set.queries()[query], least));
      for (Hit hit : answer.hits()) {
        assertTrue(hit.score() >= least, () -> hit + " is below the threshold " + least);
      }
      tally.add(found(answer, query, truth, radius), truth.count(query, radius), answer.visited());
    }
    tally.print();
    tally.assertRecall(DEFAULT_RECALL);
    if (set.size() >= LARGE) {
      tally.assertVisitedBelow(RANGE_VISITS);
    }
  }

  @Test
  void parentsOfManyChildren() throws IOException {
    Random random = new Random(seed);
    int[] parentOf = new int[set.size()];
    int parents = 0;
    for (int id = 0; id < set.size(); parents++) {
      int end = Math.min(set.size(), id + 1 + random.nextInt(MOST_CHILDREN));
      Arrays.fill(parentOf, id, end, parents);
      id = end;
    }
    try (Directory families = newDirectory()) {
      new SetWriter(families).writeFamilies(set, VectorSimilarityFunction.EUCLIDEAN, parentOf);
      try (SetSearcher searcher = new SetSearcher(families)) {
        BitSetProducer isParent = new QueryBitSetProducer(new TermQuery(SetWriter.PARENT));
        Probing defaults = Probing.ofDefaults(searcher.stats());
        Tally tally = new Tally(set.name(), "parents", searcher.stats(), defaults);
        for (int query = 0; query < set.queries().length; query++) {
          float[] nearest = truth.nearestOfGroups(query, parentOf, parents);
          float kth = ExactAnswers.kth(nearest, K, parent -> true);
          Answer answer =
              searcher.search(
                  new DiversifyingChildrenFloatKnnVectorQuery(
                      SetWriter.VECTOR, set.queries()[query], null, K, isParent),
                  K);
          int[] found = answer.hits().stream().mapToInt(hit -> parentOf[hit.id()]).toArray();
          assertEquals(K, Arrays.stream(found).distinct().count(), "distinct parents");
          tally.add(
              Arrays.stream(found)
                  .filter(parent -> ExactAnswers.within(nearest[parent], kth))
                  .count(),
              K,
              answer.visited());
        }
        tally.print();
        tally.assertRecall(DEFAULT_RECALL);
      }
    }
  }

  private Tally nearest(String check, Probing probing) throws IOException {
    return nearest(check, searcher, truth, set, probing, null, id -> true);
  }

  /**
   * Searches with every query for its K nearest, and prints what was found.
   *
   * @param filter or null
   * @param accepted the ids that filter and deletes leave
   */
  private static Tally nearest(
      String check,
      SetSearcher searcher,
      ExactAnswers truth,
      VectorSet set,
      Probing probing,
      Query filter,
      IntPredicate accepted)
      throws IOException {
    Tally tally = new Tally(set.name(), check, searcher.stats(), probing);
    for (int query = 0; query < set.queries().length; query++) {
      Answer answer = searcher.search(nearestTo(set.queries()[query], filter, probing), K);
      assertEquals(K, answer.hits().stream().map(Hit::id).distinct().count(), "distinct hits");
      for (Hit hit : answer.hits()) {
        assertTrue(accepted.test(hit.id()), () -> check + ": " + hit + " is not accepted");
      }
      tally.add(found(answer, query, truth, truth.kth(query, K, accepted)), K, answer.visited());
    }
    tally.print();
    return tally;
  }

  private static Query nearestTo(float[] target, Query filter, Probing probing) {
    return new KnnFloatVectorQuery(SetWriter.VECTOR, target, K, filter, probing.parameters());
  }

  private static long found(Answer answer, int query, ExactAnswers truth, float kth) {
    return answer.hits().stream().filter(hit -> truth.isWithin(query, hit.id(), kth)).count();
  }
}
