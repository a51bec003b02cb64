// SPDX-License-Identifier: Apache-2.0

/**
 * {@code bin/opensearch-demo}: two nodes on loopback, the sample voices, a lost node. The nodes are
 * processes of their own, whose classes are not on this program's class path.
 */
package dev.ivfpq.opensearch.demo;
