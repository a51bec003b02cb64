// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opensearch.common.settings.Setting;
import org.opensearch.common.settings.Setting.Property;
import org.opensearch.common.settings.Settings;
import org.opensearch.index.IndexCreationValidator;
import org.opensearch.index.IndexSettings;
import org.opensearch.index.codec.CodecServiceFactory;
import org.opensearch.index.mapper.Mapper;
import org.opensearch.index.mapper.MapperService;
import org.opensearch.plugins.EnginePlugin;
import org.opensearch.plugins.MapperPlugin;
import org.opensearch.plugins.Plugin;
import org.opensearch.plugins.SearchPlugin;

/** What OpenSearch loads: names the setting, the field type, the query and the codec. */
public final class IvfPqPlugin extends Plugin implements EnginePlugin, MapperPlugin, SearchPlugin {

  /**
   * Whether an index may have fields of type {@code ivfpq_vector}. Fixed when the index is made,
   * since it decides who makes the index's codec.
   */
  public static final Setting<Boolean> ENABLED =
      Setting.boolSetting("index.ivfpq", false, Property.IndexScope, Property.Final);

  /** The k-NN plugin's setting of the same meaning; known only where that plugin is installed. */
  private static final String KNN = "index.knn";

  @Override
  public List<Setting<?>> getSettings() {
    return List.of(ENABLED);
  }

  @Override
  public Map<String, Mapper.TypeParser> getMappers() {
    return Map.of(VectorFieldMapper.CONTENT_TYPE, VectorFieldMapper.Builder::parse);
  }

  @Override
  public List<QuerySpec<?>> getQueries() {
    return List.of(
        new QuerySpec<>(
            IvfPqQueryBuilder.NAME, IvfPqQueryBuilder::new, IvfPqQueryParser::parseQuery));
  }

  /**
   * The codec of indices with {@code index.ivfpq: true}; all others are left alone.
   *
   * @throws IllegalArgumentException if the k-NN plugin is to make the codec of the same index
   */
  @Override
  public Optional<CodecServiceFactory> getCustomCodecServiceFactory(IndexSettings indexSettings) {
    Settings settings = indexSettings.getSettings();
    if (!ENABLED.get(settings)) {
      return Optional.empty();
    }
    if (settings.getAsBoolean(KNN, false)) {
      throw new IllegalArgumentException(
          "["
              + ENABLED.getKey()
              + "] and ["
              + KNN
              + "] cannot both be true, an index has one codec; use one index for each");
    }
    return Optional.of(IvfPqCodecService::new);
  }

  @Override
  public Collection<IndexCreationValidator> getIndexCreationValidators() {
    return List.of(IvfPqPlugin::validate);
  }

  private static void validate(MapperService mapperService, IndexSettings indexSettings) {
    if (ENABLED.get(indexSettings.getSettings())) {
      IvfPqCodecService.checkMapping(mapperService);
      IvfPqCodecService.checkName(indexSettings.getSettings().get("index.codec", "default"));
    }
  }
}
