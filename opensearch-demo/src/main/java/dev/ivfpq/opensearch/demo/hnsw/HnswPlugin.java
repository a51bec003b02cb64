// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch.demo.hnsw;

import java.util.List;
import java.util.Map;
import org.opensearch.index.mapper.Mapper;
import org.opensearch.plugins.MapperPlugin;
import org.opensearch.plugins.Plugin;
import org.opensearch.plugins.SearchPlugin;

/** Names the field type and the query. */
public final class HnswPlugin extends Plugin implements MapperPlugin, SearchPlugin {
  @Override
  public Map<String, Mapper.TypeParser> getMappers() {
    return Map.of(HnswFieldMapper.TYPE, HnswFieldMapper.Builder::parse);
  }

  @Override
  public List<QuerySpec<?>> getQueries() {
    return List.of(
        new QuerySpec<>(
            HnswQueryBuilder.NAME, HnswQueryBuilder::new, HnswQueryBuilder::fromXContent));
  }
}
