// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.report;

import dev.ivfpq.bench.run.Outcome;
import dev.ivfpq.bench.run.Point;
import dev.ivfpq.bench.run.Row;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.lines.SeriesLines;

/**
 * Recall against time: a line through the settings of each system that no other setting of it beats
 * in both, and a mark of its own where rounds were timed.
 */
final class RecallChart {
  private static final int WIDTH = 960;
  private static final int HEIGHT = 600;

  private RecallChart() {}

  /** The chart as an SVG document. */
  static byte[] svg(Outcome outcome) throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("Recall and time of a query")
            .xAxisTitle("recall")
            .yAxisTitle("microseconds a query (mean)")
            .build();
    chart.getStyler().setYAxisLogarithmic(true);
    chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
    Map<String, List<Point>> systems = new LinkedHashMap<>();
    for (Point point : outcome.points()) {
      systems.computeIfAbsent(name(point.system(), point.segments()), n -> new ArrayList<>());
      systems.get(name(point.system(), point.segments())).add(point);
    }
    systems.forEach(
        (name, points) -> {
          List<Point> front = front(points);
          chart.addSeries(
              name,
              front.stream().map(Point::recall).toList(),
              front.stream().map(Point::micros).toList());
        });
    Map<String, List<Row>> timed = new LinkedHashMap<>();
    for (Row row : outcome.rows()) {
      String name = name(row.system(), row.segments()) + ", timed";
      timed.computeIfAbsent(name, n -> new ArrayList<>()).add(row);
    }
    timed.forEach(
        (name, rows) ->
            chart
                .addSeries(
                    name,
                    rows.stream().map(Row::recall).toList(),
                    rows.stream().map(row -> 1e6 / row.qps()).toList())
                .setLineStyle(SeriesLines.NONE));
    return ChartEncoder.getBytes(chart, "svg");
  }

  private static String name(String system, int segments) {
    return segments == 1 ? system : system + ", " + segments + " segments";
  }

  /** Those that no other one beats in both recall and time, by growing recall. */
  private static List<Point> front(List<Point> points) {
    List<Point> front = new ArrayList<>();
    double fastest = Double.POSITIVE_INFINITY;
    List<Point> byRecall = new ArrayList<>(points);
    byRecall.sort(
        Comparator.comparingDouble(Point::recall).reversed().thenComparingDouble(Point::micros));
    for (Point point : byRecall) {
      if (point.micros() < fastest) {
        fastest = point.micros();
        front.addFirst(point);
      }
    }
    return front;
  }
}
