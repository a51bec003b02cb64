// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.util.IOUtils;

/** Opens searchers over the newest snapshot of a store. */
record StoreQueries(StoreSnapshots snapshots) {

  /** A searcher for frames of the caller's own, of the dimension of the voices. */
  FrameSearcher searcher(SearchSettings settings) throws IOException {
    return searcher(settings, OptionalInt.empty(), snapshots.folder());
  }

  /**
   * A searcher for a query.
   *
   * @param dims of the query, if they are known
   * @param query its name in messages
   */
  FrameSearcher searcher(SearchSettings settings, OptionalInt dims, Path query) throws IOException {
    SearcherManager source = snapshots.committed();
    StoreSearcher snapshot = (StoreSearcher) source.acquire();
    try {
      VoiceSelection voices = select(snapshot, settings, dims, query);
      return new FrameSearcher(source, snapshot, voices, settings);
    } catch (Throwable t) {
      source.release(snapshot);
      throw t;
    }
  }

  /** A searcher for each speaker of a mix, in its order and of one snapshot. */
  List<FrameSearcher> searchers(Mix mix, SearchSettings settings, OptionalInt dims, Path query)
      throws IOException {
    SearcherManager source = snapshots.committed();
    StoreSearcher snapshot = (StoreSearcher) source.acquire();
    List<FrameSearcher> voices = new ArrayList<>();
    try {
      // Together first, so that voices of several dimensions are refused.
      select(snapshot, settings.withSpeakers(mix.speakers()), dims, query);
      for (String speaker : mix.speakers()) {
        VoiceSelection one = select(snapshot, settings.withSpeaker(speaker), dims, query);
        snapshot.getIndexReader().incRef();
        voices.add(new FrameSearcher(source, snapshot, one, settings));
      }
      return voices;
    } catch (Throwable t) {
      IOUtils.closeWhileSuppressingExceptions(t, voices);
      throw t;
    } finally {
      source.release(snapshot);
    }
  }

  private VoiceSelection select(
      StoreSearcher snapshot, SearchSettings settings, OptionalInt dims, Path query)
      throws StoreException {
    return VoiceSelection.of(snapshot.commit(), settings, dims, query, snapshots.folder());
  }

  /**
   * A session for a stream.
   *
   * @param maxFrames most frames of a block
   */
  VoiceSession session(
      Mix mix, SearchSettings settings, int maxFrames, OptionalInt dims, Path query)
      throws IOException {
    if (maxFrames < 1) {
      throw new IllegalArgumentException("maxFrames must be at least 1, got " + maxFrames);
    }
    List<FrameSearcher> first = searchers(mix, settings, dims, query);
    OptionalInt fixed = OptionalInt.of(first.getFirst().dims());
    VoiceSession.Source newest =
        () -> {
          snapshots.refresh();
          return searchers(mix, settings, fixed, Path.of("stream"));
        };
    return new VoiceSession(first, newest, mix, maxFrames);
  }
}
