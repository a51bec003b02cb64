// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import dev.ivfpq.IvfPqFieldStats;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.MultiTerms;
import org.apache.lucene.index.SegmentReader;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;

/** Counts what is in one snapshot of a store. */
final class StoreSurvey {
  private final IndexSearcher searcher;

  StoreSurvey(IndexSearcher searcher) {
    this.searcher = searcher;
  }

  /** All of it. */
  StoreInfo info(StoreCommit commit) throws IOException {
    DirectoryReader reader = (DirectoryReader) searcher.getIndexReader();
    long bytes = 0;
    for (String file : reader.getIndexCommit().getFileNames()) {
      bytes += reader.directory().fileLength(file);
    }
    List<StoreInfo.Speaker> speakers = new ArrayList<>();
    for (VoiceRecord voice : commit.voices().values()) {
      String speaker = voice.speaker();
      speakers.add(
          new StoreInfo.Speaker(
              voice,
              clips(speaker).size(),
              commit.muted().stream()
                  .filter(clip -> clip.speaker().equals(speaker))
                  .map(ClipId::clip)
                  .toList(),
              searcher.count(query(StoreLayout.speakerTerm(speaker)))));
    }
    List<StoreInfo.Segment> segments = new ArrayList<>();
    for (LeafReaderContext leaf : reader.leaves()) {
      for (int dims : commit.dims()) {
        segment(leaf.reader(), dims).ifPresent(segments::add);
      }
    }
    return new StoreInfo(reader.numDocs(), bytes, speakers, segments);
  }

  /** The names of a speaker's clips, sorted. */
  List<String> clips(String speaker) throws IOException {
    BytesRef prefix = StoreLayout.clipTerm(speaker, "").bytes();
    List<String> clips = new ArrayList<>();
    for (BytesRef id : terms(StoreLayout.CLIP_ID, prefix)) {
      clips.add(
          new BytesRef(id.bytes, id.offset + prefix.length, id.length - prefix.length)
              .utf8ToString());
    }
    return clips;
  }

  /** The terms of a field that start so; of deleted frames alone there may still be some. */
  private List<BytesRef> terms(String field, BytesRef prefix) throws IOException {
    List<BytesRef> found = new ArrayList<>();
    Terms terms = MultiTerms.getTerms(searcher.getIndexReader(), field);
    if (terms == null) {
      return found;
    }
    TermsEnum all = terms.iterator();
    if (all.seekCeil(prefix) == TermsEnum.SeekStatus.END) {
      return found;
    }
    for (BytesRef term = all.term(); term != null; term = all.next()) {
      if (!startsWith(term, prefix)) {
        break;
      }
      BytesRef copy = BytesRef.deepCopyOf(term);
      if (searcher.count(query(new Term(field, copy))) > 0) {
        found.add(copy);
      }
    }
    return found;
  }

  private static boolean startsWith(BytesRef term, BytesRef prefix) {
    return term.length >= prefix.length
        && new BytesRef(term.bytes, term.offset, prefix.length).bytesEquals(prefix);
  }

  private static TermQuery query(Term term) {
    return new TermQuery(term);
  }

  private static Optional<StoreInfo.Segment> segment(LeafReader leaf, int dims) {
    String name = leaf instanceof SegmentReader segment ? segment.getSegmentName() : "?";
    return IvfPqFieldStats.of(leaf, StoreLayout.vectorField(dims))
        .map(
            stats ->
                new StoreInfo.Segment(
                    name,
                    dims,
                    stats.size(),
                    stats.requestedNlist(),
                    stats.nlist(),
                    stats.M(),
                    stats.nprobe(),
                    stats.kFactor()));
  }
}
