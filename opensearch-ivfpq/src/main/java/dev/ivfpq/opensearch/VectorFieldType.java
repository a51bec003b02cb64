// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch;

import dev.ivfpq.IvfPqVectorsFormat;
import java.util.Map;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.FieldExistsQuery;
import org.apache.lucene.search.Query;
import org.opensearch.index.mapper.ArraySourceValueFetcher;
import org.opensearch.index.mapper.MappedFieldType;
import org.opensearch.index.mapper.TextSearchInfo;
import org.opensearch.index.mapper.ValueFetcher;
import org.opensearch.index.query.QueryShardContext;
import org.opensearch.index.query.QueryShardException;
import org.opensearch.search.lookup.SearchLookup;

/** What searching and the codec know of an {@code ivfpq_vector} field. */
final class VectorFieldType extends MappedFieldType {
  private final int dimension;
  private final VectorSimilarityFunction similarity;
  private final String factory;
  private final IvfPqVectorsFormat format;

  VectorFieldType(
      String name,
      int dimension,
      VectorSimilarityFunction similarity,
      String factory,
      IvfPqVectorsFormat format,
      Map<String, String> meta) {
    super(name, true, false, false, TextSearchInfo.NONE, meta);
    this.dimension = dimension;
    this.similarity = similarity;
    this.factory = factory;
    this.format = format;
  }

  int dimension() {
    return dimension;
  }

  VectorSimilarityFunction similarity() {
    return similarity;
  }

  /** Structure in faiss's words; empty for the format's default. */
  String factory() {
    return factory;
  }

  /** Writes the field's segments. */
  IvfPqVectorsFormat format() {
    return format;
  }

  @Override
  public String typeName() {
    return VectorFieldMapper.CONTENT_TYPE;
  }

  @Override
  public ValueFetcher valueFetcher(QueryShardContext context, SearchLookup lookup, String format) {
    return new ArraySourceValueFetcher(name(), context) {
      @Override
      protected Object parseSourceValue(Object value) {
        return value;
      }
    };
  }

  @Override
  public Query existsQuery(QueryShardContext context) {
    return new FieldExistsQuery(name());
  }

  @Override
  public Query termQuery(Object value, QueryShardContext context) {
    throw new QueryShardException(
        context,
        "field ["
            + name()
            + "] of type ["
            + typeName()
            + "] holds vectors, not terms; search it with ["
            + IvfPqQueryBuilder.NAME
            + "]");
  }
}
