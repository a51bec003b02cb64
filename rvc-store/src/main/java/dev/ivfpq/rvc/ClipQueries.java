// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import dev.ivfpq.rvc.npy.NpyWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/** Searches and converts clips that lie in {@code .npy} files, block after block. */
record ClipQueries(StoreQueries queries) {

  void search(Path query, SearchSettings settings, NeighbourVisitor visitor, Progress progress)
      throws IOException {
    try (QueryClip clip = QueryClip.open(query);
        FrameSearcher searcher = queries.searcher(settings, OptionalInt.of(clip.dims()), query)) {
      visitor.begin(searcher.voices());
      progress.begin("searching", clip.frames());
      int frame = 0;
      for (List<float[]> block = clip.next(); !block.isEmpty(); block = clip.next()) {
        for (List<Neighbour> neighbours : searcher.search(block)) {
          visitor.visit(frame++, neighbours);
        }
        progress.advance(block.size());
      }
    }
  }

  ConvertSummary convert(
      Path query, Path out, SearchSettings settings, Blend blend, Progress progress)
      throws IOException {
    try (QueryClip clip = QueryClip.open(query);
        FrameSearcher searcher = queries.searcher(settings, OptionalInt.of(clip.dims()), query);
        NpyWriter writer = NpyWriter.create(out, clip.frames(), clip.dims())) {
      progress.begin("converting", clip.frames());
      int unanswered = 0;
      for (List<float[]> block = clip.next(); !block.isEmpty(); block = clip.next()) {
        unanswered += searcher.convert(block, blend);
        for (float[] converted : block) {
          writer.write(converted, 1);
        }
        progress.advance(block.size());
      }
      writer.finish();
      return new ConvertSummary(clip.frames(), clip.dims(), unanswered);
    }
  }

  ConvertSummary mix(
      Path query, Path out, Mix mix, SearchSettings settings, Blend blend, Progress progress)
      throws IOException {
    try (QueryClip clip = QueryClip.open(query);
        VoiceSession session =
            queries.session(mix, settings, QueryClip.BLOCK, OptionalInt.of(clip.dims()), query);
        NpyWriter writer = NpyWriter.create(out, clip.frames(), clip.dims())) {
      progress.begin("mixing", clip.frames());
      int unanswered = 0;
      for (List<float[]> block = clip.next(); !block.isEmpty(); block = clip.next()) {
        float[][] frames = block.toArray(float[][]::new);
        unanswered += session.convert(frames, frames.length, blend, frames);
        for (float[] converted : frames) {
          writer.write(converted, 1);
        }
        progress.advance(frames.length);
      }
      writer.finish();
      return new ConvertSummary(clip.frames(), clip.dims(), unanswered);
    }
  }
}
