// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.report;

import dev.ivfpq.rvc.MeasuredEffort;
import dev.ivfpq.rvc.Tuning;
import java.awt.BasicStroke;
import java.util.ArrayList;
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
 * what the segments do by themselves and for the cheapest that reaches the target.
 */
public final class EffortChart {
  /** Below this, nobody would search. */
  private static final double LEAST = .5;

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
    chart.getStyler().setYAxisLogarithmic(true).setXAxisDecimalPattern("0.00");
    chart.getStyler().setMarkerSize(6);
    double least = Math.min(LEAST, tuning.best().recall());
    List<MeasuredEffort> shown =
        tuning.efforts().stream().filter(effort -> effort.recall() >= least).toList();
    Map<Float, List<MeasuredEffort>> byFactor = new TreeMap<>();
    for (MeasuredEffort effort : shown) {
      if (!effort.isOwnDefault()) {
        byFactor.computeIfAbsent(effort.kFactor(), factor -> new ArrayList<>()).add(effort);
      }
    }
    int line = 0;
    for (Map.Entry<Float, List<MeasuredEffort>> factor : byFactor.entrySet()) {
      Ink ink = Ink.LINES[line++ % Ink.LINES.length];
      XYSeries series = add(chart, "k-factor " + (int) (float) factor.getKey(), factor.getValue());
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
    double low = shown.stream().mapToDouble(MeasuredEffort::micros).min().orElse(1);
    double high = shown.stream().mapToDouble(MeasuredEffort::micros).max().orElse(1);
    XYSeries series = chart.addSeries("target", List.of(recall, recall), List.of(low, high));
    series.setMarker(SeriesMarkers.NONE).setLineColor(Ink.FAINT.color);
    series.setLineStyle(SeriesLines.DASH_DASH);
  }
}
