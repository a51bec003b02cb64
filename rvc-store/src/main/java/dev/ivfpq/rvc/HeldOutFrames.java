// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;

/**
 * Frames to measure a search with.
 *
 * @param groups at least one, of which each has at least one frame
 * @param holdOut what they may not find
 */
record HeldOutFrames(List<Group> groups, HoldOut holdOut) {
  private static final long SEED = 20_261_126;

  /**
   * Frames that may find the same.
   *
   * @param filter what they may find, null for all
   * @param own 1 if each frame finds itself, which does not count; else 0
   * @param frames (dims) each
   */
  record Group(Query filter, int own, List<float[]> frames) {}

  /** Number of frames. */
  int count() {
    return groups.stream().mapToInt(group -> group.frames().size()).sum();
  }

  /** All of them. */
  List<float[]> all() {
    return groups.stream().flatMap(group -> group.frames().stream()).toList();
  }

  /**
   * Draws frames of the voices that are searched, the same ones every time.
   *
   * @param most how many at most
   * @throws StoreException if all clips are muted
   */
  static HeldOutFrames ofStore(FrameSearcher searcher, int most) throws IOException {
    StoreSearcher snapshot = searcher.snapshot();
    VoiceSelection selection = searcher.selection();
    Collection<ClipId> muted = searcher.muted();
    int total = frames(snapshot, selection, muted).count();
    if (total == 0) {
      throw new StoreException("all clips of these voices are muted; unmute some to measure with");
    }
    BitSet drawn = draw(total, most);
    Map<ClipId, List<float[]>> byClip = new TreeMap<>();
    int[] place = {0};
    for (VoiceRecord voice : selection.voices()) {
      VoiceSelection one = new VoiceSelection(List.of(voice), false);
      frames(snapshot, one, muted)
          .forEach(
              (clip, number, vector) -> {
                if (drawn.get(place[0]++)) {
                  byClip
                      .computeIfAbsent(new ClipId(voice.speaker(), clip), c -> new ArrayList<>())
                      .add(vector.clone());
                }
              });
    }
    List<Group> groups = new ArrayList<>();
    HoldOut holdOut = HoldOut.OWN_CLIP;
    for (Map.Entry<ClipId, List<float[]>> clip : byClip.entrySet()) {
      SortedSet<ClipId> out = new TreeSet<>(muted);
      int frames = snapshot.count(new TermQuery(clip.getKey().term()));
      boolean large = 2L * frames > total;
      if (large) {
        holdOut = HoldOut.OWN_FRAME;
      } else {
        out.add(clip.getKey());
      }
      groups.add(new Group(selection.filter(out), large ? 1 : 0, clip.getValue()));
    }
    return new HeldOutFrames(groups, holdOut);
  }

  private static StoredFrames frames(
      StoreSearcher snapshot, VoiceSelection selection, Collection<ClipId> muted) {
    Query filter = new VoiceSelection(selection.voices(), false).filter(muted);
    return new StoredFrames(snapshot.getIndexReader(), filter, selection.dims());
  }

  /** The places of {@code most} of {@code total} frames, of all if there are no more. */
  static BitSet draw(int total, int most) {
    BitSet drawn = new BitSet(total);
    if (total <= most) {
      drawn.set(0, total);
      return drawn;
    }
    SplittableRandom random = new SplittableRandom(SEED);
    for (int count = 0; count < most; ) {
      int place = random.nextInt(total);
      if (!drawn.get(place)) {
        drawn.set(place);
        count++;
      }
    }
    return drawn;
  }

  /**
   * Takes frames of clips, evenly spread over all of them.
   *
   * @param most how many at most
   * @throws StoreException if the clips have several dimensions
   * @throws IOException if a file is not as it should be
   */
  static HeldOutFrames ofClips(List<Path> clips, int most, Query filter) throws IOException {
    int total = 0;
    int dims = 0;
    for (Path file : clips) {
      try (QueryClip clip = QueryClip.open(file)) {
        if (total > 0 && clip.dims() != dims) {
          throw new StoreException(
              file + ": " + clip.dims() + " dims, but " + clips.getFirst() + " has " + dims);
        }
        dims = clip.dims();
        total = Math.addExact(total, clip.frames());
      }
    }
    BitSet drawn = draw(total, most);
    List<float[]> frames = new ArrayList<>();
    int place = 0;
    for (Path file : clips) {
      try (QueryClip clip = QueryClip.open(file)) {
        for (List<float[]> block = clip.next(); !block.isEmpty(); block = clip.next()) {
          for (float[] frame : block) {
            if (drawn.get(place++)) {
              frames.add(frame);
            }
          }
        }
      }
    }
    return new HeldOutFrames(List.of(new Group(filter, 0, frames)), HoldOut.GIVEN_CLIPS);
  }
}
