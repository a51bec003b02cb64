// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch;

import java.io.IOException;
import org.opensearch.core.common.ParsingException;
import org.opensearch.core.xcontent.XContentLocation;
import org.opensearch.core.xcontent.XContentParser;
import org.opensearch.core.xcontent.XContentParser.Token;
import org.opensearch.index.query.AbstractQueryBuilder;
import org.opensearch.index.query.QueryBuilder;

/** Reads an {@code ivfpq} query's JSON, up to its end. */
final class IvfPqQueryParser {
  private static final String NAME = IvfPqQueryBuilder.NAME;

  private String field;
  private float[] vector;
  private Integer k;
  private QueryBuilder filter;
  private Integer nprobe;
  private Float kFactor;
  private Float targetRecall;
  private float boost = AbstractQueryBuilder.DEFAULT_BOOST;
  private String queryName;

  private IvfPqQueryParser() {}

  /**
   * @throws ParsingException naming the parameter and what is wrong with it
   */
  static IvfPqQueryBuilder parseQuery(XContentParser parser) throws IOException {
    XContentLocation start = parser.getTokenLocation();
    IvfPqQueryParser read = new IvfPqQueryParser();
    while (parser.nextToken() != Token.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      XContentLocation location = parser.getTokenLocation();
      try {
        read.parameter(name, parser);
      } catch (IllegalArgumentException e) {
        throw new ParsingException(location, e.getMessage(), e);
      }
    }
    try {
      return read.query();
    } catch (IllegalArgumentException e) {
      throw new ParsingException(start, e.getMessage(), e);
    }
  }

  private void parameter(String name, XContentParser parser) throws IOException {
    switch (name) {
      case "vector" -> vector = VectorParser.parse(parser, "[" + NAME + "] [vector]");
      case "filter" -> filter = filter(parser);
      case "field" -> field = value(name, parser).text();
      case "k" -> k = wholeNumber(name, parser);
      case "nprobe" -> nprobe = wholeNumber(name, parser);
      case "k_factor" -> kFactor = number(name, parser);
      case "target_recall" -> targetRecall = number(name, parser);
      case "boost" -> boost = number(name, parser);
      case "_name" -> queryName = value(name, parser).text();
      default ->
          throw new IllegalArgumentException(
              "["
                  + NAME
                  + "] has no parameter ["
                  + name
                  + "]; it takes field, vector, k, filter, nprobe, k_factor, target_recall, boost,"
                  + " _name");
    }
  }

  private static QueryBuilder filter(XContentParser parser) throws IOException {
    if (parser.currentToken() != Token.START_OBJECT) {
      throw new IllegalArgumentException("[" + NAME + "] [filter] takes one query, as an object");
    }
    return AbstractQueryBuilder.parseInnerQueryBuilder(parser);
  }

  private static XContentParser value(String name, XContentParser parser) {
    if (!parser.currentToken().isValue() || parser.currentToken() == Token.VALUE_NULL) {
      throw new IllegalArgumentException("[" + NAME + "] [" + name + "] takes one value");
    }
    return parser;
  }

  private static int wholeNumber(String name, XContentParser parser) throws IOException {
    String text = value(name, parser).text();
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "["
              + NAME
              + "] ["
              + name
              + "] takes a whole number of at most 2147483647, got ["
              + text
              + "]",
          e);
    }
  }

  private static float number(String name, XContentParser parser) throws IOException {
    String text = value(name, parser).text();
    try {
      return Float.parseFloat(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "[" + NAME + "] [" + name + "] takes a number, got [" + text + "]", e);
    }
  }

  private IvfPqQueryBuilder query() {
    if (field == null || vector == null || k == null) {
      throw new IllegalArgumentException(
          "["
              + NAME
              + "] needs ["
              + (field == null ? "field" : vector == null ? "vector" : "k")
              + "]");
    }
    IvfPqQueryEffort effort = new IvfPqQueryEffort(nprobe, kFactor, targetRecall);
    return new IvfPqQueryBuilder(field, vector, k, filter, effort)
        .boost(boost)
        .queryName(queryName);
  }
}
