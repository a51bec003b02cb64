// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.report;

import dev.ivfpq.rvc.MeasuredEffort;
import dev.ivfpq.rvc.Tuning;
import java.awt.BasicStroke;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Recall against time: a line for each kFactor through growing nprobe, the target, and marks for
 * what the segments do by themselves and for the cheapest that reaches the target. Efforts that
 * another one of the same kFactor beats in both are left out, as are those that find or take so
 * much less or more than the marks that nobody would choose them.
 */
public final class EffortChart {
  private static final double LEAST_RECALL = .5;
  private static final double MOST_TIMES_MARKED = 3;

  private EffortChart() {}

  /** Draws what was measured. */
  public static Drawing of(Tuning tuning) {
    XYChart chart =
        new XYChartBuilder()
            .width(Drawing.WIDTH)
            .height(Drawing.HEIGHT)
            .xAxisTitle("recall@" + tuning.k())
            .yAxisTitle("microseconds a frame")
            .build();
    Drawing.style(chart.getStyler());
    chart.getStyler().setXAxisDecimalPattern("0.00").setYAxisMin(0.0);
    chart.getStyler().setMarkerSize(7);
    double least = Math.min(LEAST_RECALL, tuning.best().recall());
    double most = MOST_TIMES_MARKED * marked(tuning);
    List<MeasuredEffort> shown =
        tuning.efforts().stream()
            .filter(effort -> effort.recall() >= least && effort.micros() <= most)
            .toList();
    Map<Float, List<MeasuredEffort>> byFactor = new TreeMap<>();
    for (MeasuredEffort effort : shown) {
      if (!effort.isOwnDefault()) {
        byFactor.computeIfAbsent(effort.kFactor(), factor -> new ArrayList<>()).add(effort);
      }
    }
    int line = 0;
    for (Map.Entry<Float, List<MeasuredEffort>> factor : byFactor.entrySet()) {
      Ink ink = Ink.LINES[line++ % Ink.LINES.length];
      XYSeries series =
          add(chart, "k-factor " + (int) (float) factor.getKey(), front(factor.getValue()));
      series.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(ink.color);
      series.setLineColor(ink.color).setLineStyle(new BasicStroke(1.6f));
    }
    target(chart, tuning.targetRecall(), shown);
    shown.stream()
        .filter(MeasuredEffort::isOwnDefault)
        .forEach(own -> mark(chart, "no setting", own, SeriesMarkers.DIAMOND));
    tuning.cheapest().ifPresent(effort -> mark(chart, "cheapest", effort, SeriesMarkers.CROSS));
    return new Drawing(chart);
  }

  /** The slowest of the marks. */
  private static double marked(Tuning tuning) {
    double own = tuning.efforts().getFirst().micros();
    return Math.max(own, tuning.cheapest().orElse(tuning.best()).micros());
  }

  /** Those that no other one beats in both recall and time, by growing recall. */
  private static List<MeasuredEffort> front(List<MeasuredEffort> efforts) {
    List<MeasuredEffort> byRecall = new ArrayList<>(efforts);
    byRecall.sort(
        Comparator.comparingDouble(MeasuredEffort::recall)
            .reversed()
            .thenComparingDouble(MeasuredEffort::micros));
    List<MeasuredEffort> front = new ArrayList<>();
    for (MeasuredEffort effort : byRecall) {
      if (front.isEmpty() || effort.micros() < front.getFirst().micros()) {
        front.addFirst(effort);
      }
    }
    return front;
  }

  private static XYSeries add(XYChart chart, String name, List<MeasuredEffort> efforts) {
    return chart.addSeries(
        name,
        efforts.stream().map(MeasuredEffort::recall).toList(),
        efforts.stream().map(MeasuredEffort::micros).toList());
  }

  private static void mark(XYChart chart, String name, MeasuredEffort effort, Marker marker) {
    add(chart, name, List.of(effort))
        .setMarker(marker)
        .setMarkerColor(Ink.MARK.color)
        .setLineStyle(SeriesLines.NONE);
  }

  private static void target(XYChart chart, double recall, List<MeasuredEffort> shown) {
    double high = shown.stream().mapToDouble(MeasuredEffort::micros).max().orElse(1);
    XYSeries series = chart.addSeries("target", List.of(recall, recall), List.of(0.0, high));
    series.setMarker(SeriesMarkers.NONE).setLineColor(Ink.FAINT.color);
    series.setLineStyle(SeriesLines.DASH_DASH);
  }
}
