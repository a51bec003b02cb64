// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;

/** How many of some values are how large. */
final class Histogram {
  private Histogram() {}

  /**
   * Draws bars.
   *
   * @param what the values are, for the axis
   * @param of what there are so many of each
   * @param width of a bar, in the values' unit; the last takes all beyond it too
   * @param bars how many
   * @param format of a bar's lower end
   */
  static Drawing of(
      List<? extends Number> values,
      String what,
      String of,
      double width,
      int bars,
      String format) {
    int[] counts = new int[bars];
    for (Number value : values) {
      counts[(int) Math.min(bars - 1, value.doubleValue() / width)]++;
    }
    List<String> from = new ArrayList<>();
    List<Integer> heights = new ArrayList<>();
    for (int bar = 0; bar < bars; bar++) {
      from.add(String.format(Locale.ROOT, format, bar * width));
      heights.add(counts[bar]);
    }
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(Drawing.WIDTH)
            .height(Drawing.HEIGHT)
            .xAxisTitle(what)
            .yAxisTitle(of)
            .build();
    Drawing.style(chart.getStyler());
    chart.getStyler().setLegendVisible(false);
    chart.getStyler().setAvailableSpaceFill(.9).setXAxisMaxLabelCount(8);
    chart.addSeries(of, from, heights).setFillColor(Ink.A.color);
    return new Drawing(chart);
  }
}
