// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import dev.ivfpq.bench.run.Batch;
import dev.ivfpq.bench.run.Build;
import dev.ivfpq.bench.run.Outcome;
import dev.ivfpq.bench.run.Point;
import dev.ivfpq.bench.run.Row;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes {@code results.json}, {@code results.csv}, {@code chart.svg} and {@code report.html}. */
public final class Reports {
  private Reports() {}

  /** The whole of {@code results.json}. */
  private record Document(
      @JsonUnwrapped RunHead head,
      @JsonProperty("results") List<Row> rows,
      @JsonProperty("batches") List<Batch> batches,
      @JsonProperty("builds") List<Build> builds,
      @JsonProperty("points") List<Point> points) {}

  /**
   * Writes all four.
   *
   * @param folder exists
   */
  public static void write(Path folder, RunHead head, Outcome outcome) throws IOException {
    Files.write(folder.resolve("results.json"), json(head, outcome));
    Files.writeString(folder.resolve("results.csv"), csv(outcome.rows()));
    byte[] chart = RecallChart.svg(outcome);
    Files.write(folder.resolve("chart.svg"), chart);
    Files.writeString(
        folder.resolve("report.html"),
        HtmlPage.of(head, outcome, new String(chart, StandardCharsets.UTF_8)));
  }

  private static byte[] json(RunHead head, Outcome outcome) throws IOException {
    return JsonMapper.builder()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .build()
        .writeValueAsBytes(
            new Document(
                head, outcome.rows(), outcome.batches(), outcome.builds(), outcome.points()));
  }

  private static String csv(List<Row> rows) throws IOException {
    CsvMapper mapper =
        CsvMapper.builder().disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY).build();
    return mapper.writer(mapper.schemaFor(Row.class).withHeader()).writeValueAsString(rows);
  }
}
