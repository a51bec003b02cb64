// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.report;

import java.awt.BasicStroke;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGraphics2D;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.w3c.dom.Document;

/** A chart that is done, as a picture of one kind or another. */
public final class Drawing {
  static final int WIDTH = 520;
  static final int HEIGHT = 320;
  private static final int FINENESS = 2;
  private static final String SVG = "http://www.w3.org/2000/svg";

  private final Chart<?, ?> chart;

  Drawing(Chart<?, ?> chart) {
    this.chart = chart;
  }

  /** What all charts have in common. */
  static void style(AxesChartStyler styler) {
    styler.setChartBackgroundColor(Ink.PAPER.color);
    styler.setPlotBackgroundColor(Ink.PAPER.color);
    styler.setPlotBorderVisible(false);
    styler.setPlotGridLinesColor(Ink.GRID.color);
    styler.setPlotGridLinesStroke(new BasicStroke(1));
    styler.setChartFontColor(Ink.TEXT.color);
    styler.setAxisTickLabelsColor(Ink.TEXT.color);
    styler.setAxisTickMarksColor(Ink.FAINT.color);
    styler.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    styler.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    styler.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    styler.setLegendPadding(6).setLegendSeriesLineLength(16);
    styler.setLegendBackgroundColor(Ink.PAPER.color);
    styler.setLegendBorderColor(Ink.PAPER.color);
    styler.setLegendPosition(LegendPosition.OutsideE);
    styler.setChartTitleVisible(false);
    styler.setAntiAlias(true);
  }

  /** A document of its own. */
  public byte[] svg() throws IOException {
    return draw().getBytes(StandardCharsets.UTF_8);
  }

  /** A bitmap, twice as fine as the drawing is large. */
  public byte[] png() throws IOException {
    BufferedImage image =
        new BufferedImage(FINENESS * WIDTH, FINENESS * HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.scale(FINENESS, FINENESS);
    chart.paint(graphics, WIDTH, HEIGHT);
    graphics.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }

  /**
   * An element for a page that defines the colours.
   *
   * @param id unique in the page, a word
   * @param label what is to be seen, for those who do not see it
   */
  String inPage(String id, String label) throws IOException {
    String svg = draw();
    for (Ink ink : Ink.values()) {
      svg = svg.replace(ink.inFile(), ink.inPage());
    }
    // Names of elements hold for the whole page, and each drawing has the same.
    svg =
        svg.substring(svg.indexOf("<svg"))
            .replaceAll("(id=\"|url\\(#)(clipPath|defs|genericDefs)", "$1" + id + "-$2")
            .replace(" xmlns:xlink=\"http://www.w3.org/1999/xlink\"", "");
    return svg.replaceFirst(
        "<svg height=\"[0-9]+\"",
        "<svg role=\"img\" aria-label=\""
            + label
            + "\" viewBox=\"0 0 "
            + WIDTH
            + " "
            + HEIGHT
            + "\"");
  }

  private String draw() throws IOException {
    Document document;
    try {
      document =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .getDOMImplementation()
              .createDocument(SVG, "svg", null);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("the JDK's own XML documents", e);
    }
    SVGGraphics2D graphics = new SVGGraphics2D(document);
    graphics.setSVGCanvasSize(new Dimension(WIDTH, HEIGHT));
    chart.paint(graphics, WIDTH, HEIGHT);
    StringWriter text = new StringWriter();
    graphics.stream(text, true);
    return text.toString();
  }
}
