// SPDX-License-Identifier: Apache-2.0

/**
 * JMH benchmarks of the parts of a query and of indexing, one class a part; {@link
 * dev.ivfpq.bench.micro.MicroRun} runs them. Each checks its own result before it is timed, the
 * kernels also after, when what is checked is the compiled code.
 */
package dev.ivfpq.bench.micro;
