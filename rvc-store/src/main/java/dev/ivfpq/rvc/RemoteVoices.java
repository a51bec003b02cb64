// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Voices that something else than this program keeps and searches. Clips are read and checked,
 * voices chosen and frames blended here, as for a store in a folder, with the same messages.
 */
public abstract class RemoteVoices implements Voices {
  /**
   * A stored frame with its vector.
   *
   * @param neighbour which frame it is, and how far
   * @param vector (dims)
   */
  public record Found(Neighbour neighbour, float[] vector) {}

  private final Additions additions =
      new Additions() {
        @Override
        SortedMap<String, VoiceRecord> voices() throws IOException {
          return records();
        }

        @Override
        List<AddSummary> add(List<Addition> additions, ExistingClips existing, Progress progress)
            throws IOException {
          return RemoteVoices.this.add(additions, existing, progress);
        }
      };

  /** Where they are, for messages, without any password. */
  protected abstract String where();

  /** All voices, by speaker. */
  protected abstract SortedMap<String, VoiceRecord> records() throws IOException;

  /**
   * Adds voices, each in one step or not at all.
   *
   * @throws StoreException as for {@link #add(Voice, ExistingClips, Progress)}
   */
  protected abstract List<AddSummary> add(
      List<Addition> additions, ExistingClips existing, Progress progress) throws IOException;

  /**
   * Finds the neighbours of frames.
   *
   * @param frames (dims) each, finite
   * @param voices whose frames are looked at; none for all of this dimension
   * @return for each frame its neighbours, nearest first
   */
  protected abstract List<List<Found>> find(
      List<float[]> frames, List<VoiceRecord> voices, SearchSettings settings) throws IOException;

  @Override
  public List<VoiceRecord> speakers() throws IOException {
    return List.copyOf(records().values());
  }

  /**
   * What is known of a speaker's voice.
   *
   * @throws StoreException if there is no such speaker
   */
  protected VoiceRecord voice(String speaker) throws IOException {
    SortedMap<String, VoiceRecord> records = records();
    VoiceRecord voice = records.get(speaker);
    if (voice == null) {
      throw VoiceSelection.unknown(commit(records), speaker, where());
    }
    return voice;
  }

  private static StoreCommit commit(SortedMap<String, VoiceRecord> records) {
    return new StoreCommit(records, new TreeSet<>(), new TreeMap<>());
  }

  @Override
  public AddSummary add(Voice voice, ExistingClips existing, Progress progress) throws IOException {
    return additions.add(voice, existing, progress);
  }

  @Override
  public ImportSummary importVoice(VoiceImport voice, ExistingClips existing, Progress progress)
      throws IOException {
    return additions.add(voice, existing, progress);
  }

  /** The voices of a query of {@code dims}, which has this name in messages. */
  private VoiceSelection selection(SearchSettings settings, int dims, Object query)
      throws IOException {
    return VoiceSelection.of(commit(records()), settings, OptionalInt.of(dims), query, where());
  }

  private List<List<Found>> find(
      List<float[]> frames, VoiceSelection selection, SearchSettings settings) throws IOException {
    return find(frames, selection.all() ? List.of() : selection.voices(), settings);
  }

  @Override
  public List<List<Neighbour>> retrieve(float[][] frames, SearchSettings settings)
      throws IOException {
    if (frames.length == 0) {
      return List.of();
    }
    for (float[] frame : frames) {
      check(frame, frames[0].length);
    }
    VoiceSelection selection = selection(settings, frames[0].length, "frames");
    return find(Arrays.asList(frames), selection, settings).stream()
        .map(RemoteVoices::neighbours)
        .toList();
  }

  private static void check(float[] frame, int dims) {
    if (frame.length != dims) {
      throw new IllegalArgumentException(
          "a frame of " + frame.length + " dims, the first has " + dims);
    }
    for (int j = 0; j < dims; j++) {
      if (!Float.isFinite(frame[j])) {
        throw new IllegalArgumentException(
            "a frame must be finite, got " + frame[j] + " at place " + j);
      }
    }
  }

  private static List<Neighbour> neighbours(List<Found> found) {
    return found.stream().map(Found::neighbour).toList();
  }

  @Override
  public void search(
      Path query, SearchSettings settings, NeighbourVisitor visitor, Progress progress)
      throws IOException {
    try (QueryClip clip = QueryClip.open(query)) {
      VoiceSelection selection = selection(settings, clip.dims(), query);
      visitor.begin(selection.voices());
      progress.begin("searching", clip.frames());
      int frame = 0;
      for (List<float[]> block = clip.next(); !block.isEmpty(); block = clip.next()) {
        for (List<Found> found : find(block, selection, settings)) {
          visitor.visit(frame++, neighbours(found));
        }
        progress.advance(block.size());
      }
    }
  }

  @Override
  public ConvertSummary convert(
      ClipConversion conversion, SearchSettings settings, Progress progress) throws IOException {
    try (QueryClip clip = QueryClip.open(conversion.query())) {
      VoiceSelection selection = selection(settings, clip.dims(), conversion.query());
      progress.begin("converting", clip.frames());
      return ClipQueries.convert(
          clip,
          conversion,
          (frames, out) -> {
            var found = find(Arrays.asList(frames), selection, settings);
            for (int i = 0; i < out.length; i++) {
              blend(frames[i], found.get(i), conversion.blend(), out[i]);
            }
            return (int) found.stream().filter(List::isEmpty).count();
          },
          progress);
    }
  }

  private static void blend(float[] frame, List<Found> found, Blend blend, float[] out) {
    double[] distances = found.stream().mapToDouble(f -> f.neighbour().distance()).toArray();
    float[][] vectors = found.stream().map(Found::vector).toArray(float[][]::new);
    blend.apply(frame, distances, vectors, out);
  }
}
