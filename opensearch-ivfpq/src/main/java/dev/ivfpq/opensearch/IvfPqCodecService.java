// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch;

import java.util.List;
import org.apache.logging.log4j.Logger;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec.Mode;
import org.opensearch.index.codec.CodecService;
import org.opensearch.index.codec.CodecServiceConfig;
import org.opensearch.index.codec.PerFieldMappingPostingFormatCodec;
import org.opensearch.index.mapper.MapperService;

/**
 * OpenSearch's own codecs but for the vectors of {@code ivfpq_vector} fields. Segments bear the
 * name of Lucene's codec, and each vector field that of its format: no name is added that would
 * have to be kept readable.
 */
final class IvfPqCodecService extends CodecService {
  private static final List<String> NAMES =
      List.of(DEFAULT_CODEC, LZ4, BEST_COMPRESSION_CODEC, ZLIB);

  private final MapperService mapperService;
  private final Logger logger;

  IvfPqCodecService(CodecServiceConfig config) {
    super(
        config.getMapperService(),
        config.getIndexSettings(),
        config.getLogger(),
        config.getAdditionalCodecs());
    this.mapperService = config.getMapperService();
    this.logger = config.getLogger();
  }

  /**
   * @throws IllegalArgumentException if the codec of that name cannot have its vectors format
   *     replaced
   */
  static void checkName(String name) {
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException(
          "[index.codec] must be one of "
              + NAMES
              + " where ["
              + IvfPqPlugin.ENABLED.getKey()
              + "] is true, got ["
              + name
              + "]");
    }
  }

  /**
   * @throws IllegalArgumentException if a field of the mapping wants a codec of its own
   */
  static void checkMapping(MapperService mapperService) {
    if (mapperService.isCompositeIndexPresent()) {
      throw new IllegalArgumentException(
          "["
              + IvfPqPlugin.ENABLED.getKey()
              + "] cannot be true for an index with a composite field, which has a codec of its"
              + " own; use one index for each");
    }
  }

  @Override
  public Codec codec(String name) {
    return switch (name) {
      case DEFAULT_CODEC, LZ4 -> new FieldCodec(Mode.BEST_SPEED);
      case BEST_COMPRESSION_CODEC, ZLIB -> new FieldCodec(Mode.BEST_COMPRESSION);
      default -> super.codec(name);
    };
  }

  private final class FieldCodec extends PerFieldMappingPostingFormatCodec {
    FieldCodec(Mode mode) {
      super(mode, mapperService, logger);
    }

    @Override
    public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
      return mapperService.fieldType(field) instanceof VectorFieldType vectors
          ? vectors.format()
          : super.getKnnVectorsFormatForField(field);
    }
  }
}
