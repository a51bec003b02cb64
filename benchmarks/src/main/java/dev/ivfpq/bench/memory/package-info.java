// SPDX-License-Identifier: Apache-2.0
/**
 * Searches of an index that is larger than memory: each in a process of its own, in a control group
 * whose memory is limited.
 */
package dev.ivfpq.bench.memory;
