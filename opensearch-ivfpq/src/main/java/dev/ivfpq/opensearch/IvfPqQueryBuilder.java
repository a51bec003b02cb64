// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch;

import dev.ivfpq.IvfPqQuery;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.Query;
import org.opensearch.core.common.io.stream.StreamInput;
import org.opensearch.core.common.io.stream.StreamOutput;
import org.opensearch.core.xcontent.XContentBuilder;
import org.opensearch.index.mapper.MappedFieldType;
import org.opensearch.index.query.AbstractQueryBuilder;
import org.opensearch.index.query.BoolQueryBuilder;
import org.opensearch.index.query.MatchNoneQueryBuilder;
import org.opensearch.index.query.QueryBuilder;
import org.opensearch.index.query.QueryBuilderVisitor;
import org.opensearch.index.query.QueryRewriteContext;
import org.opensearch.index.query.QueryShardContext;
import org.opensearch.index.query.QueryShardException;

/**
 * Query {@code ivfpq}: of each shard the k documents whose vectors are nearest, among those that
 * the filter accepts.
 */
public final class IvfPqQueryBuilder extends AbstractQueryBuilder<IvfPqQueryBuilder> {
  static final String NAME = "ivfpq";

  /** As many hits as a search may ask for by OpenSearch's default, {@code max_result_window}. */
  static final int MAX_K = 10_000;

  private final String field;
  private final float[] vector;
  private final int k;
  private final QueryBuilder filter;
  private final IvfPqQueryEffort effort;

  /**
   * @param field of type {@code ivfpq_vector}
   * @param vector of the field's dimension, finite; kept, not copied
   * @param k hits wanted of each shard
   * @param filter null to accept all documents
   * @throws IllegalArgumentException naming the parameter, its value and its bound
   */
  IvfPqQueryBuilder(
      String field, float[] vector, int k, QueryBuilder filter, IvfPqQueryEffort effort) {
    if (k < 1 || k > MAX_K) {
      throw new IllegalArgumentException(
          "[" + NAME + "] takes a [k] in [1, " + MAX_K + "], got [" + k + "]");
    }
    if (vector.length == 0) {
      throw new IllegalArgumentException("[" + NAME + "] takes a [vector] of numbers, got []");
    }
    this.field = field;
    this.vector = vector;
    this.k = k;
    this.filter = filter;
    this.effort = effort;
  }

  /** Reads what {@link #doWriteTo} wrote on another node. */
  IvfPqQueryBuilder(StreamInput in) throws IOException {
    super(in);
    field = in.readString();
    vector = in.readFloatArray();
    k = in.readVInt();
    filter = in.readOptionalNamedWriteable(QueryBuilder.class);
    effort = new IvfPqQueryEffort(in);
  }

  @Override
  protected void doWriteTo(StreamOutput out) throws IOException {
    out.writeString(field);
    out.writeFloatArray(vector);
    out.writeVInt(k);
    out.writeOptionalNamedWriteable(filter);
    effort.writeTo(out);
  }

  @Override
  protected void doXContent(XContentBuilder builder, Params params) throws IOException {
    builder.startObject(NAME);
    builder.field("field", field);
    builder.array("vector", vector);
    builder.field("k", k);
    if (filter != null) {
      builder.field("filter", filter);
    }
    effort.toXContent(builder);
    printBoostAndQueryName(builder);
    builder.endObject();
  }

  /** The same search among the documents that a further filter accepts too. */
  @Override
  public QueryBuilder filter(QueryBuilder further) {
    return further == null
        ? this
        : withFilter(
            filter == null ? further : new BoolQueryBuilder().filter(filter).filter(further));
  }

  private IvfPqQueryBuilder withFilter(QueryBuilder other) {
    return new IvfPqQueryBuilder(field, vector, k, other, effort).boost(boost).queryName(queryName);
  }

  @Override
  protected QueryBuilder doRewrite(QueryRewriteContext context) throws IOException {
    if (filter == null) {
      return this;
    }
    QueryBuilder rewritten = filter.rewrite(context);
    if (rewritten instanceof MatchNoneQueryBuilder) {
      return rewritten;
    }
    return rewritten == filter ? this : withFilter(rewritten);
  }

  @Override
  protected Query doToQuery(QueryShardContext context) throws IOException {
    MappedFieldType type = context.fieldMapper(field);
    if (!(type instanceof VectorFieldType vectors)) {
      throw new QueryShardException(
          context,
          "["
              + NAME
              + "] searches fields of type ["
              + VectorFieldMapper.CONTENT_TYPE
              + "], field ["
              + field
              + "] is "
              + (type == null ? "not mapped" : "of type [" + type.typeName() + "]"));
    }
    if (vector.length != vectors.dimension()) {
      throw new QueryShardException(
          context,
          "field ["
              + field
              + "] holds vectors of "
              + vectors.dimension()
              + " dimensions, the query's has "
              + vector.length);
    }
    Query accepted = filter == null ? null : filter.toQuery(context);
    return new IvfPqQuery(field, vector, k, accepted, effort.parameters());
  }

  @Override
  public void visit(QueryBuilderVisitor visitor) {
    visitor.accept(this);
    if (filter != null) {
      filter.visit(visitor.getChildVisitor(Occur.FILTER));
    }
  }

  @Override
  protected boolean doEquals(IvfPqQueryBuilder other) {
    return field.equals(other.field)
        && Arrays.equals(vector, other.vector)
        && k == other.k
        && Objects.equals(filter, other.filter)
        && effort.equals(other.effort);
  }

  @Override
  protected int doHashCode() {
    return Objects.hash(field, Arrays.hashCode(vector), k, filter, effort);
  }

  @Override
  public String getWriteableName() {
    return NAME;
  }
}
