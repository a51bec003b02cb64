// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import com.github.mustachejava.DefaultMustacheFactory;
import com.github.mustachejava.Mustache;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes tables as {@code results.json}, one {@code .csv} a table, and {@code report.html}. Columns
 * are what Jackson makes of the rows, the same in all three.
 */
public final class TableReport {
  private static final String TEMPLATE = "dev/ivfpq/bench/report/tables.mustache";

  /** Digits of a number in the page; files have all. */
  private static final MathContext DIGITS = new MathContext(4);

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  private static final CsvMapper CSV =
      CsvMapper.builder().disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY).build();

  private TableReport() {}

  /**
   * Writes all files.
   *
   * @param folder exists
   */
  public static void write(Path folder, RunHead head, List<Table<?>> tables) throws IOException {
    ObjectNode document = JSON.valueToTree(head);
    List<Object> sections = new ArrayList<>();
    for (Table<?> table : tables) {
      JsonNode rows = JSON.valueToTree(table.rows());
      document.set(table.name(), rows);
      CsvSchema schema = CSV.schemaFor(table.type()).withHeader();
      Files.writeString(
          folder.resolve(table.name() + ".csv"),
          CSV.writer(schema).writeValueAsString(table.rows()));
      sections.add(section(table, schema.getColumnNames(), rows));
    }
    JSON.writeValue(folder.resolve("results.json").toFile(), document);
    Mustache template = new DefaultMustacheFactory().compile(TEMPLATE);
    StringWriter page = new StringWriter();
    String commit = head.commit() == null ? "unknown" : head.commit();
    template.execute(page, Map.of("head", head, "commit", commit, "tables", sections));
    Files.writeString(folder.resolve("report.html"), page.toString());
  }

  /** Prints what is not empty, one row a line, columns aligned. */
  public static void print(List<Table<?>> tables, PrintWriter out) {
    for (Table<?> table : tables) {
      if (table.rows().isEmpty()) {
        continue;
      }
      List<String> columns = CSV.schemaFor(table.type()).getColumnNames();
      List<List<String>> lines = new ArrayList<>(List.of(columns));
      for (JsonNode row : JSON.<JsonNode>valueToTree(table.rows())) {
        lines.add(columns.stream().map(column -> cell(row.get(column))).toList());
      }
      out.println(table.title());
      for (List<String> line : lines) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < line.size(); i++) {
          int column = i;
          int width = lines.stream().mapToInt(other -> other.get(column).length()).max().orElse(0);
          text.append(" ".repeat(2 + width - line.get(i).length())).append(line.get(i));
        }
        out.println(text);
      }
      out.println();
    }
  }

  private static Map<String, Object> section(Table<?> table, List<String> columns, JsonNode rows) {
    List<Map<String, Object>> cells = new ArrayList<>();
    for (JsonNode row : rows) {
      cells.add(Map.of("cells", columns.stream().map(column -> cell(row.get(column))).toList()));
    }
    return Map.of("title", table.title(), "note", table.note(), "columns", columns, "rows", cells);
  }

  private static String cell(JsonNode value) {
    if (value.isNull()) {
      return "";
    }
    if (value.isFloatingPointNumber() && Double.isFinite(value.doubleValue())) {
      BigDecimal number = value.decimalValue().round(DIGITS);
      // 12345.6 has no use for its last digits, 12350 no use for an exponent.
      return number.setScale(Math.max(0, number.scale()), RoundingMode.UNNECESSARY).toPlainString();
    }
    return value.asText();
  }
}
