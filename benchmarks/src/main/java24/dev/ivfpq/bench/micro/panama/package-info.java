// SPDX-License-Identifier: Apache-2.0

/** What needs the vector module. */
package dev.ivfpq.bench.micro.panama;
