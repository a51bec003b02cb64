// SPDX-License-Identifier: Apache-2.0

/**
 * A store of voices: the feature frames of many speakers in one Lucene index, searched and blended
 * as Retrieval-based Voice Conversion (RVC) does it.
 *
 * <p>{@link dev.ivfpq.rvc.VoiceStore} is the door: it takes a {@link dev.ivfpq.rvc.Voice} in, and
 * hands out a {@link dev.ivfpq.rvc.FrameSearcher} for the frames of a caller's own, or reads a
 * whole {@code .npy} clip and reports {@link dev.ivfpq.rvc.Neighbour}s or writes the {@link
 * dev.ivfpq.rvc.Blend}.
 *
 * <p>{@link dev.ivfpq.rvc.Voices} is what a store in a folder has in common with one on a cluster
 * ({@link dev.ivfpq.rvc.cluster.ClusterStore}).
 *
 * <p>{@link dev.ivfpq.rvc.VoiceSession} converts streams block by block, to one voice or a {@link
 * dev.ivfpq.rvc.Mix}; {@link dev.ivfpq.rvc.Protect} is RVC's protection of unvoiced frames.
 * Searches run on the caller's thread alone.
 *
 * <p>Distances are squared Euclidean ones, recomputed from the stored vectors. A frame is 20 ms of
 * speech. Failures that a user can cure are {@link dev.ivfpq.rvc.StoreException} and {@link
 * dev.ivfpq.rvc.npy.NpyException}, whose messages say what, where and what to do.
 */
package dev.ivfpq.rvc;
