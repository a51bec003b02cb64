// SPDX-License-Identifier: Apache-2.0

/**
 * A store of many speakers: what it takes to add, replace and remove one of them, beside building
 * the store anew, and to search one speaker's frames among all. {@link
 * dev.ivfpq.bench.speakers.SpeakersRun} names the steps in order.
 */
package dev.ivfpq.bench.speakers;
