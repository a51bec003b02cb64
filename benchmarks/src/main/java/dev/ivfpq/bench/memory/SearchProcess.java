// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.memory;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.ivfpq.bench.data.VectorReader;
import dev.ivfpq.bench.run.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/**
 * A process that searches an index in one thread and prints {@link Answers}: for a while, to warm
 * up, queries again and again; then all of them once, timed, as far as there is time.
 */
final class SearchProcess {
  /** Of /proc/self/stat, counted after the command's name. */
  private static final int MAJOR_FAULTS = 9;

  private SearchProcess() {}

  /**
   * Runs.
   *
   * @param args folder of the index, queries, k, how many neighbours Lucene is asked for, seconds
   *     to warm up, most seconds that are timed
   */
  public static void main(String[] args) throws IOException {
    float[][] queries = VectorReader.read(Path.of(args[1])).rows();
    int k = Integer.parseInt(args[2]);
    int queue = Integer.parseInt(args[3]);
    long warmUp = (long) (Double.parseDouble(args[4]) * 1e9);
    long timed = (long) (Double.parseDouble(args[5]) * 1e9);
    int[][] documents = new int[queries.length][];
    double[] micros = new double[queries.length];
    try (Directory directory = FSDirectory.open(Path.of(args[0]));
        DirectoryReader reader = DirectoryReader.open(directory)) {
      IndexSearcher searcher = new IndexSearcher(reader);
      searcher.setQueryCache(null);
      int warmed = 0;
      for (long start = System.nanoTime(); System.nanoTime() - start < warmUp; warmed++) {
        float[] query = queries[warmed % queries.length];
        searcher.search(new KnnFloatVectorQuery(Setting.FIELD, query, queue), k);
      }
      long faults = majorFaults();
      long began = System.nanoTime();
      int asked = 0;
      for (; asked < queries.length; asked++) {
        long start = System.nanoTime();
        if (asked > 0 && start - began > timed) {
          break;
        }
        KnnFloatVectorQuery query = new KnnFloatVectorQuery(Setting.FIELD, queries[asked], queue);
        ScoreDoc[] hits = searcher.search(query, k).scoreDocs;
        micros[asked] = (System.nanoTime() - start) / 1e3;
        documents[asked] = Arrays.stream(hits).mapToInt(hit -> hit.doc).toArray();
      }
      Answers answers =
          new Answers(
              Arrays.copyOf(documents, asked),
              Arrays.copyOf(micros, asked),
              warmed,
              majorFaults() - faults);
      System.out.println(new JsonMapper().writeValueAsString(answers));
    }
  }

  private static long majorFaults() throws IOException {
    String stat = Files.readString(Path.of("/proc/self/stat"));
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[MAJOR_FAULTS]);
  }
}
