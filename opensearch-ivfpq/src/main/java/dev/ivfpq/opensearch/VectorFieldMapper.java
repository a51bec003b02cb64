// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch;

import dev.ivfpq.IvfPqParameters;
import dev.ivfpq.IvfPqVectorsFormat;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.lucene.document.KnnFloatVectorField;
import org.opensearch.core.xcontent.XContentParser.Token;
import org.opensearch.index.mapper.DerivedFieldGenerator;
import org.opensearch.index.mapper.FieldMapper;
import org.opensearch.index.mapper.Mapper.TypeParser.ParserContext;
import org.opensearch.index.mapper.MapperParsingException;
import org.opensearch.index.mapper.ParametrizedFieldMapper;
import org.opensearch.index.mapper.ParseContext;

/** Field type {@code ivfpq_vector}: one vector a document, of a fixed dimension. */
final class VectorFieldMapper extends ParametrizedFieldMapper {
  static final String CONTENT_TYPE = "ivfpq_vector";

  private VectorFieldMapper(String simpleName, VectorFieldType fieldType) {
    super(simpleName, fieldType, MultiFields.empty(), CopyTo.empty());
  }

  /** A mapping's parameters. */
  static final class Builder extends ParametrizedFieldMapper.Builder {
    private final Parameter<Integer> dimension =
        new Parameter<>(
            "dimension",
            false,
            () -> null,
            (name, context, value) -> integer(name, value),
            mapper -> of(mapper).dimension());

    private final Parameter<String> similarity =
        Parameter.restrictedStringParam(
            "similarity",
            false,
            mapper -> Similarity.name(of(mapper).similarity()),
            Similarity.NAMES.toArray(String[]::new));

    private final Parameter<String> factory =
        Parameter.stringParam("factory", false, mapper -> of(mapper).factory(), "");

    private final Parameter<Map<String, String>> meta = Parameter.metaParam();

    Builder(String name) {
      super(name);
    }

    private static VectorFieldType of(FieldMapper mapper) {
      return (VectorFieldType) mapper.fieldType();
    }

    private static int integer(String name, Object value) {
      try {
        return Integer.parseInt(String.valueOf(value));
      } catch (NumberFormatException e) {
        throw new MapperParsingException(
            "[dimension] of field [" + name + "] must be a whole number, got [" + value + "]", e);
      }
    }

    /**
     * Reads a mapping.
     *
     * @param node its parameters; those understood are taken out
     * @throws MapperParsingException naming the field, what is wrong and what would be right
     */
    static Builder parse(String name, Map<String, Object> node, ParserContext context) {
      if (!IvfPqPlugin.ENABLED.get(context.getSettings())) {
        throw wrong(
            name, "needs an index made with [" + IvfPqPlugin.ENABLED.getKey() + "] set to true");
      }
      if (context.isWithinMultiField() || node.containsKey("fields")) {
        throw wrong(name, "cannot be or have a multi-field; map it as a field of its own");
      }
      if (node.containsKey("copy_to")) {
        throw wrong(name, "cannot have [copy_to]; send the vector in both fields");
      }
      Builder builder = new Builder(name);
      builder.parse(name, context, node);
      if (builder.dimension.get() == null) {
        throw wrong(name, "needs the parameter [dimension]");
      }
      try {
        builder.format().checkDimensions(builder.dimension.get());
      } catch (IllegalArgumentException e) {
        throw new MapperParsingException(
            "field [" + name + "] of type [" + CONTENT_TYPE + "]: " + e.getMessage(), e);
      }
      return builder;
    }

    private static MapperParsingException wrong(String name, String what) {
      return new MapperParsingException(
          "field [" + name + "] of type [" + CONTENT_TYPE + "] " + what);
    }

    private IvfPqVectorsFormat format() {
      return factory.get().isEmpty()
          ? new IvfPqVectorsFormat()
          : new IvfPqVectorsFormat(IvfPqParameters.of(factory.get()));
    }

    @Override
    protected List<Parameter<?>> getParameters() {
      return List.of(dimension, similarity, factory, meta);
    }

    @Override
    public VectorFieldMapper build(BuilderContext context) {
      return new VectorFieldMapper(
          name,
          new VectorFieldType(
              buildFullName(context),
              dimension.get(),
              Similarity.of(similarity.get()),
              factory.get(),
              format(),
              meta.get()));
    }
  }

  @Override
  public VectorFieldType fieldType() {
    return (VectorFieldType) super.fieldType();
  }

  @Override
  public boolean parsesArrayValue() {
    return true;
  }

  @Override
  protected void parseCreateField(ParseContext context) throws IOException {
    if (context.parser().currentToken() == Token.VALUE_NULL) {
      return;
    }
    VectorFieldType type = fieldType();
    float[] vector = VectorParser.parse(context.parser(), "field [" + name() + "]");
    if (vector.length != type.dimension()) {
      throw new IllegalArgumentException(
          "field ["
              + name()
              + "] takes vectors of "
              + type.dimension()
              + " dimensions, got "
              + vector.length);
    }
    if (context.doc().getByKey(name()) != null) {
      throw new IllegalArgumentException(
          "field [" + name() + "] takes one vector a document, got another; use nested documents");
    }
    context.doc().addWithKey(name(), new KnnFloatVectorField(name(), vector, type.similarity()));
  }

  @Override
  protected void canDeriveSourceInternal() {}

  @Override
  protected DerivedFieldGenerator derivedFieldGenerator() {
    VectorSource vectors = new VectorSource(name(), simpleName());
    return new DerivedFieldGenerator(fieldType(), vectors, vectors);
  }

  @Override
  public ParametrizedFieldMapper.Builder getMergeBuilder() {
    return new Builder(simpleName()).init(this);
  }

  @Override
  protected String contentType() {
    return CONTENT_TYPE;
  }
}
