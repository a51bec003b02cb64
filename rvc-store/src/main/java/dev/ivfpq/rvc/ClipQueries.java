// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

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

  ConvertSummary convert(ClipConversion conversion, SearchSettings settings, Progress progress)
      throws IOException {
    try (QueryClip clip = QueryClip.open(conversion.query());
        FrameSearcher searcher =
            queries.searcher(settings, OptionalInt.of(clip.dims()), conversion.query())) {
      progress.begin("converting", clip.frames());
      return convert(
          clip,
          conversion,
          (frames, out) -> {
            for (int i = 0; i < out.length; i++) {
              System.arraycopy(frames[i], 0, out[i], 0, out[i].length);
            }
            return searcher.convert(List.of(out), conversion.blend());
          },
          progress);
    }
  }

  ConvertSummary mix(ClipConversion conversion, Mix mix, SearchSettings settings, Progress progress)
      throws IOException {
    try (QueryClip clip = QueryClip.open(conversion.query());
        VoiceSession session =
            queries.session(
                mix,
                settings,
                FrameSearcher.TOGETHER,
                OptionalInt.of(clip.dims()),
                conversion.query())) {
      progress.begin("mixing", clip.frames());
      return convert(
          clip,
          conversion,
          (frames, out) -> session.convert(frames, frames.length, conversion.blend(), out),
          progress);
    }
  }

  /** Converts the frames of a block to {@code out}. */
  @FunctionalInterface
  interface BlockConverter {
    /** Returns for how many frames no neighbour was found. */
    int convert(float[][] frames, float[][] out) throws IOException;
  }

  /** Converts a clip block by block. */
  static ConvertSummary convert(
      QueryClip clip, ClipConversion conversion, BlockConverter converter, Progress progress)
      throws IOException {
    try (ConvertedClip out = ConvertedClip.create(conversion, clip.frames(), clip.dims())) {
      int unanswered = 0;
      for (List<float[]> block = clip.next(); !block.isEmpty(); block = clip.next()) {
        float[][] frames = block.toArray(float[][]::new);
        float[][] converted = new float[frames.length][clip.dims()];
        unanswered += converter.convert(frames, converted);
        for (int i = 0; i < frames.length; i++) {
          out.write(frames[i], converted[i]);
        }
        progress.advance(frames.length);
      }
      out.finish();
      return new ConvertSummary(clip.frames(), clip.dims(), unanswered, out.rows());
    }
  }
}
