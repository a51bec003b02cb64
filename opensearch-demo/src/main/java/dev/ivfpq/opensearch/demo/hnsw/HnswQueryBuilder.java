// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch.demo.hnsw;

import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.core.xcontent.XContentParser;
import org.opensearch.core.xcontent.XContentParser.Token;
import org.opensearch.index.query.AbstractQueryBuilder;
import org.opensearch.index.query.QueryShardContext;

/** Query {@code hnsw}: {@code k} is also the number of candidates that the graph search keeps. */
final class HnswQueryBuilder extends AbstractQueryBuilder<HnswQueryBuilder> {
  static final String NAME = "hnsw";

  private final String field;
  private final float[] vector;
  private final int k;

  private HnswQueryBuilder(String field, float[] vector, int k) {
    this.field = field;
    this.vector = vector;
    this.k = k;
  }

  HnswQueryBuilder(StreamInput in) throws IOException {
    super(in);
    field = in.readString();
    vector = in.readFloatArray();
    k = in.readVInt();
  }

  static HnswQueryBuilder fromXContent(XContentParser parser) throws IOException {
    String field = null;
    float[] vector = null;
    int k = 0;
    while (parser.nextToken() != Token.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "field" -> field = parser.text();
        case "vector" -> vector = HnswFieldMapper.vector(parser);
        case "k" -> k = parser.intValue();
        default -> throw new IllegalArgumentException("[hnsw] has no parameter [" + name + "]");
      }
    }
    return new HnswQueryBuilder(field, vector, k);
  }

  @Override
  protected void doWriteTo(StreamOutput out) throws IOException {
    out.writeString(field);
    out.writeFloatArray(vector);
    out.writeVInt(k);
  }

  @Override
  protected void doXContent(XContentBuilder builder, Params params) throws IOException {
    builder.startObject(NAME).field("field", field).array("vector", vector).field("k", k);
    builder.endObject();
  }

  @Override
  protected Query doToQuery(QueryShardContext context) {
    return new KnnFloatVectorQuery(field, vector, k);
  }

  @Override
  protected boolean doEquals(HnswQueryBuilder other) {
    return field.equals(other.field) && Arrays.equals(vector, other.vector) && k == other.k;
  }

  @Override
  protected int doHashCode() {
    return Objects.hash(field, Arrays.hashCode(vector), k);
  }

  @Override
  public String getWriteableName() {
    return NAME;
  }
}
