// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;

/**
 * The voices that are searched, all of one dimension.
 *
 * @param voices at least one
 * @param all whether these are all voices of their dimension
 */
record VoiceSelection(List<VoiceRecord> voices, boolean all) {
  /** Names listed in a message. */
  private static final int SHOWN = 10;

  int dims() {
    return voices.getFirst().dims();
  }

  /**
   * Chooses the voices of a query.
   *
   * @param dims of the query, if they are known
   * @param query what has these dims, for messages
   * @param where the store is, for messages
   * @throws StoreException if a speaker is not there, or a voice does not fit the query
   */
  static VoiceSelection of(
      StoreCommit commit, SearchSettings settings, OptionalInt dims, Object query, Object where)
      throws StoreException {
    if (commit.voices().isEmpty()) {
      throw new StoreException(where + ": nothing in this store yet; add a voice first");
    }
    return settings.speakers().isEmpty()
        ? fitting(commit, settings, dims, query, where)
        : named(commit, settings, dims, query, where);
  }

  private static VoiceSelection named(
      StoreCommit commit, SearchSettings settings, OptionalInt dims, Object query, Object where)
      throws StoreException {
    List<VoiceRecord> voices = new ArrayList<>();
    for (String speaker : settings.speakers()) {
      VoiceRecord voice = commit.voices().get(speaker);
      if (voice == null) {
        throw unknown(commit, speaker, where);
      }
      int wanted = dims.orElse(voices.isEmpty() ? voice.dims() : voices.getFirst().dims());
      if (voice.dims() != wanted) {
        throw new StoreException(
            query
                + ": "
                + wanted
                + " dims, but the voice "
                + voice.description()
                + " has "
                + voice.dims()
                + "; extract it as the voice was (RVC v1 has 256 dims, v2 768)");
      }
      if (!voice.fits(settings.embedder())) {
        throw new StoreException(
            query
                + ": made by "
                + settings.embedder().get()
                + ", but the voice "
                + voice.description()
                + " by "
                + voice.embedder().get()
                + "; extract it with that");
      }
      voices.add(voice);
    }
    return new VoiceSelection(voices, false);
  }

  private static VoiceSelection fitting(
      StoreCommit commit, SearchSettings settings, OptionalInt dims, Object query, Object where)
      throws StoreException {
    if (dims.isEmpty() && commit.dims().size() > 1) {
      throw new StoreException(
          where + ": holds voices of " + list(commit.dims()) + " dims; name a speaker");
    }
    int wanted = dims.orElse(commit.dims().first());
    if (!commit.dims().contains(wanted)) {
      throw new StoreException(
          query
              + ": "
              + wanted
              + " dims, but the store "
              + where
              + " holds "
              + list(commit.dims())
              + "; extract it as the store's voices were (RVC v1 has 256 dims, v2 768)");
    }
    List<VoiceRecord> sized =
        commit.voices().values().stream().filter(voice -> voice.dims() == wanted).toList();
    List<VoiceRecord> voices =
        sized.stream().filter(voice -> voice.fits(settings.embedder())).toList();
    if (voices.isEmpty()) {
      throw new StoreException(
          query
              + ": made by "
              + settings.embedder().get()
              + ", but no voice of "
              + wanted
              + " dims in "
              + where
              + " is; extract it with another");
    }
    return new VoiceSelection(voices, voices.size() == sized.size());
  }

  /** That a speaker is not there, and who is. */
  static StoreException unknown(StoreCommit commit, String speaker, Object where) {
    Collection<String> known = commit.voices().keySet();
    String names = known.stream().limit(SHOWN).collect(Collectors.joining(", "));
    return new StoreException(
        where
            + ": no speaker \""
            + speaker
            + "\" in this store; it has "
            + (known.isEmpty() ? "none" : names)
            + (known.size() > SHOWN ? " and " + (known.size() - SHOWN) + " more" : ""));
  }

  private static String list(Collection<Integer> dims) {
    return dims.stream().map(String::valueOf).collect(Collectors.joining(" and "));
  }

  /**
   * The same voices, as all there are where a commit has no others of their dimension: where
   * nothing else can be found a filter would accept everything, and cost a test for each scanned
   * vector.
   */
  VoiceSelection among(StoreCommit commit) {
    return new VoiceSelection(
        voices,
        commit.voices().values().stream()
            .filter(voice -> voice.dims() == dims())
            .allMatch(voices::contains));
  }

  /**
   * What accepts the frames of these voices but for muted clips.
   *
   * @return null if all frames of the dimension are accepted
   */
  Query filter(Collection<ClipId> muted) {
    List<BytesRef> out =
        muted.stream()
            .filter(clip -> voices.stream().anyMatch(v -> v.speaker().equals(clip.speaker())))
            .map(clip -> clip.term().bytes())
            .toList();
    Query speakers = all ? null : speakers();
    if (out.isEmpty()) {
      return speakers;
    }
    return new BooleanQuery.Builder()
        .add(speakers == null ? MatchAllDocsQuery.INSTANCE : speakers, Occur.FILTER)
        .add(new TermInSetQuery(StoreLayout.CLIP_ID, out), Occur.MUST_NOT)
        .build();
  }

  private Query speakers() {
    return voices.size() == 1
        ? new TermQuery(StoreLayout.speakerTerm(voices.getFirst().speaker()))
        : new TermInSetQuery(
            StoreLayout.SPEAKER,
            voices.stream().map(voice -> new BytesRef(voice.speaker())).toList());
  }
}
