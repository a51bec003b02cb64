// SPDX-License-Identifier: Apache-2.0

/**
 * Voices on an OpenSearch cluster whose nodes have the plugin {@code opensearch-ivfpq}: {@link
 * dev.ivfpq.rvc.cluster.ClusterStore}. Needs {@code org.opensearch.client:opensearch-java} on the
 * class path, which is an optional dependency.
 */
package dev.ivfpq.rvc.cluster;
