// SPDX-License-Identifier: Apache-2.0

/**
 * Speech-like vectors, any number of them, made from nothing but a seed.
 *
 * <p>The frames that voice conversion searches are hidden states of a speech model, fifty a second.
 * Made here is what makes them hard to search: a frame lies on its way from one {@linkplain
 * dev.ivfpq.bench.speech.Phones phone} to the next, no two tokens of a phone are alike, a
 * {@linkplain dev.ivfpq.bench.speech.Speaker speaker} comes back to the same words, stretches every
 * axis its own way, and queries are of speakers whom the base has never heard. {@link
 * dev.ivfpq.bench.speech.SpeechSet} is the door; {@link dev.ivfpq.bench.speech.Tuning} has all
 * numbers.
 *
 * <p>Frames are made in a latent space whose axes are the principal ones, widest first, and turned
 * into features by one {@linkplain dev.ivfpq.bench.speech.Rotation rotation} for the whole set.
 */
package dev.ivfpq.bench.speech;
