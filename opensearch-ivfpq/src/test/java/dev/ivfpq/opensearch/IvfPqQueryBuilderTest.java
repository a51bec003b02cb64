// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.search.BooleanClause.Occur;
import org.junit.jupiter.api.Test;
import org.opensearch.common.io.stream.BytesStreamOutput;
import org.opensearch.common.settings.Settings;
import org.opensearch.common.xcontent.LoggingDeprecationHandler;
import org.opensearch.common.xcontent.json.JsonXContent;
import org.opensearch.core.common.io.stream.NamedWriteableAwareStreamInput;
import org.opensearch.core.common.io.stream.NamedWriteableRegistry;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.xcontent.NamedXContentRegistry;
import org.opensearch.core.xcontent.XContentParser;
import org.opensearch.index.query.AbstractQueryBuilder;
import org.opensearch.index.query.BoolQueryBuilder;
import org.opensearch.index.query.QueryBuilder;
import org.opensearch.index.query.QueryBuilderVisitor;
import org.opensearch.index.query.TermQueryBuilder;
import org.opensearch.search.SearchModule;

/** A query on its way between nodes, and to JSON and back. */
final class IvfPqQueryBuilderTest {
  private static final SearchModule MODULE =
      new SearchModule(Settings.EMPTY, List.of(new IvfPqPlugin()));
  private static final QueryBuilder FILTER = new TermQueryBuilder("speaker", "anna");

  private static IvfPqQueryBuilder query(QueryBuilder filter, IvfPqQueryEffort effort) {
    return new IvfPqQueryBuilder("frame", new float[] {1, -2.5f, 1e-30f}, 7, filter, effort);
  }

  private static List<IvfPqQueryBuilder> queries() {
    return List.of(
        query(null, new IvfPqQueryEffort(null, null, null)),
        query(FILTER, new IvfPqQueryEffort(3, 2.5f, .9f)).boost(2).queryName("mine"),
        query(FILTER, new IvfPqQueryEffort(null, 16f, null)),
        query(null, new IvfPqQueryEffort(null, null, .99f)));
  }

  @Test
  void otherNodesReadTheSame() throws IOException {
    NamedWriteableRegistry registry = new NamedWriteableRegistry(MODULE.getNamedWriteables());
    for (IvfPqQueryBuilder query : queries()) {
      BytesStreamOutput out = new BytesStreamOutput();
      out.writeNamedWriteable(query);
      StreamInput in = new NamedWriteableAwareStreamInput(out.bytes().streamInput(), registry);
      assertEquals(query, in.readNamedWriteable(QueryBuilder.class));
      assertEquals(0, in.available());
    }
  }

  @Test
  void jsonReadsTheSame() throws IOException {
    NamedXContentRegistry registry = new NamedXContentRegistry(MODULE.getNamedXContents());
    for (IvfPqQueryBuilder query : queries()) {
      try (XContentParser parser =
          JsonXContent.jsonXContent.createParser(
              registry, LoggingDeprecationHandler.INSTANCE, query.toString())) {
        assertEquals(query, AbstractQueryBuilder.parseInnerQueryBuilder(parser));
      }
    }
  }

  @Test
  void everyPartTellsQueriesApart() {
    List<IvfPqQueryBuilder> queries = queries();
    for (int i = 0; i < queries.size(); i++) {
      for (int j = 0; j < queries.size(); j++) {
        if (i != j) {
          assertNotEquals(queries.get(i), queries.get(j));
        }
      }
    }
  }

  @Test
  void furtherFilterJoinsTheFirst() {
    QueryBuilder further = new TermQueryBuilder("clip", "1");
    IvfPqQueryEffort effort = new IvfPqQueryEffort(null, null, null);
    IvfPqQueryBuilder bare = query(null, effort);
    assertSame(bare, bare.filter(null));
    assertEquals(query(further, effort), bare.filter(further));
    assertEquals(
        query(new BoolQueryBuilder().filter(FILTER).filter(further), effort),
        query(FILTER, effort).filter(further));
  }

  @Test
  void visitorsSeeTheFilter() {
    List<String> seen = new ArrayList<>();
    query(FILTER, new IvfPqQueryEffort(null, null, null))
        .visit(
            new QueryBuilderVisitor() {
              @Override
              public void accept(QueryBuilder query) {
                seen.add(query.getName());
              }

              @Override
              public QueryBuilderVisitor getChildVisitor(Occur occur) {
                seen.add(occur.name());
                return this;
              }
            });
    assertEquals(List.of("ivfpq", "FILTER", "term"), seen);
    assertTrue(query(FILTER, new IvfPqQueryEffort(3, null, null)).toString().contains("nprobe"));
  }
}
