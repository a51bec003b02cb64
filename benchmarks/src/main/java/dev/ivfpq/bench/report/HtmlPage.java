// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.report;

import com.github.mustachejava.DefaultMustacheFactory;
import com.github.mustachejava.Mustache;
import dev.ivfpq.bench.run.Batch;
import dev.ivfpq.bench.run.Build;
import dev.ivfpq.bench.run.Outcome;
import dev.ivfpq.bench.run.Row;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The report as one page that needs no other file. */
final class HtmlPage {
  private static final String TEMPLATE = "dev/ivfpq/bench/report/report.mustache";

  private HtmlPage() {}

  /**
   * The page.
   *
   * @param chart an SVG document
   */
  static String of(RunHead head, Outcome outcome, String chart) {
    Mustache template = new DefaultMustacheFactory().compile(TEMPLATE);
    Map<String, Object> scope =
        Map.of(
            "head",
            head,
            "commit",
            head.commit() == null ? "unknown" : head.commit(),
            "chart",
            chart.substring(chart.indexOf("<svg")),
            "rows",
            outcome.rows().stream().map(HtmlPage::cells).toList(),
            "batches",
            outcome.batches().stream().map(HtmlPage::cells).toList(),
            "builds",
            outcome.builds().stream().map(HtmlPage::cells).toList());
    StringWriter page = new StringWriter();
    template.execute(page, scope);
    return page.toString();
  }

  private static Map<String, String> cells(Row row) {
    Map<String, String> cells = new LinkedHashMap<>();
    cells.put("segments", Integer.toString(row.segments()));
    cells.put("target", row.target() == null ? "default" : number("%.3f", row.target()));
    cells.put("system", row.system());
    cells.put("recall", number("%.4f", row.recall()) + (row.reached() ? "" : " (not reached)"));
    cells.put("setting", row.setting());
    cells.put("p50", number("%.1f", row.p50()));
    cells.put("p99", number("%.1f", row.p99()));
    cells.put("cpu", number("%.1f", row.netCpu()));
    cells.put("qps", number("%,.0f", row.qps()));
    cells.put("times", times(row));
    cells.put("visited", number("%,.0f", row.visited()));
    cells.put("index", number("%.1f", row.indexSeconds()));
    cells.put("merge", number("%.1f", row.forceMergeSeconds()));
    cells.put("bytes", number("%.1f", row.bytesBesideRaw()));
    return cells;
  }

  private static String times(Row row) {
    if (row.timesHnsw() == null) {
      return "";
    }
    return (row.timesHnswIsAtLeast() ? "\u2265 " : "") + number("%.2f", row.timesHnsw());
  }

  private static Map<String, String> cells(Batch batch) {
    return Map.of(
        "segments",
        Integer.toString(batch.segments()),
        "target",
        batch.target() == null ? "default" : number("%.3f", batch.target()),
        "setting",
        batch.setting(),
        "queries",
        number("%,.0f", batch.queries()),
        "micros",
        number("%.1f", batch.micros()),
        "times",
        number("%.2f", batch.timesOne()));
  }

  private static Map<String, String> cells(Build build) {
    return Map.of(
        "segments",
        Integer.toString(build.segments()),
        "type",
        build.indexType(),
        "index",
        number("%.1f", build.indexSeconds()),
        "merge",
        number("%.1f", build.forceMergeSeconds()),
        "bytes",
        number("%.1f", build.bytesBesideRaw()));
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
