// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch.demo.hnsw;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.search.Query;
import org.opensearch.core.xcontent.XContentParser;
import org.opensearch.core.xcontent.XContentParser.Token;
import org.opensearch.index.mapper.MappedFieldType;
import org.opensearch.index.mapper.Mapper.TypeParser.ParserContext;
import org.opensearch.index.mapper.ParametrizedFieldMapper;
import org.opensearch.index.mapper.ParseContext;
import org.opensearch.index.mapper.TextSearchInfo;
import org.opensearch.index.mapper.ValueFetcher;
import org.opensearch.index.query.QueryShardContext;
import org.opensearch.search.lookup.SearchLookup;

/** Field type {@code hnsw_vector}: a vector by Euclidean distance, of 4,096 numbers at most. */
final class HnswFieldMapper extends ParametrizedFieldMapper {
  static final String TYPE = "hnsw_vector";
  private static final int MOST = 4096;

  private HnswFieldMapper(String simpleName, MappedFieldType fieldType) {
    super(simpleName, fieldType, MultiFields.empty(), CopyTo.empty());
  }

  /** A mapping, which has no parameters but these. */
  static final class Builder extends ParametrizedFieldMapper.Builder {
    private final Parameter<Map<String, String>> meta = Parameter.metaParam();

    Builder(String name) {
      super(name);
    }

    static Builder parse(String name, Map<String, Object> node, ParserContext context) {
      Builder builder = new Builder(name);
      builder.parse(name, context, node);
      return builder;
    }

    @Override
    protected List<Parameter<?>> getParameters() {
      return List.of(meta);
    }

    @Override
    public HnswFieldMapper build(BuilderContext context) {
      return new HnswFieldMapper(name, new Type(buildFullName(context), meta.get()));
    }
  }

  /** What searching knows of the field. */
  private static final class Type extends MappedFieldType {
    Type(String name, Map<String, String> meta) {
      super(name, true, false, false, TextSearchInfo.NONE, meta);
    }

    @Override
    public String typeName() {
      return TYPE;
    }

    @Override
    public ValueFetcher valueFetcher(
        QueryShardContext context, SearchLookup lookup, String format) {
      throw new UnsupportedOperationException("vectors are not fetched");
    }

    @Override
    public Query termQuery(Object value, QueryShardContext context) {
      throw new UnsupportedOperationException("vectors are no terms");
    }
  }

  @Override
  public boolean parsesArrayValue() {
    return true;
  }

  @Override
  protected void parseCreateField(ParseContext context) throws IOException {
    context.doc().add(new KnnFloatVectorField(name(), vector(context.parser())));
  }

  /** Reads the array at which the parser stands. */
  static float[] vector(XContentParser parser) throws IOException {
    float[] values = new float[MOST];
    int n = 0;
    while (parser.nextToken() != Token.END_ARRAY) {
      values[n++] = parser.floatValue();
    }
    return Arrays.copyOf(values, n);
  }

  @Override
  public ParametrizedFieldMapper.Builder getMergeBuilder() {
    return new Builder(simpleName()).init(this);
  }

  @Override
  protected String contentType() {
    return TYPE;
  }
}
