// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.lucene.index.CheckIndex;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.Directory;

/**
 * Checks a store: Lucene's own check of its index first, then that every voice has frames of its
 * dimension with finite values, every frame a recorded voice, and every muted clip frames.
 */
final class StoreCheck {
  private final Directory directory;
  private final WorkPool pool;
  private final Progress progress;
  private final List<String> problems = new ArrayList<>();

  StoreCheck(Directory directory, WorkPool pool, Progress progress) {
    this.directory = directory;
    this.pool = pool;
    this.progress = progress;
  }

  /** What is wrong, in sentences. */
  List<String> problems() throws IOException {
    progress.begin("checking the index", Progress.UNKNOWN);
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try (PrintStream words = new PrintStream(said, true, StandardCharsets.UTF_8);
        CheckIndex check = new CheckIndex(directory)) {
      check.setInfoStream(words);
      if (!check.checkIndex(null, pool.others()).clean) {
        problems.add("Lucene finds its index damaged: " + firstError(said));
        return problems;
      }
    }
    try (DirectoryReader reader = DirectoryReader.open(directory)) {
      checkVoices(new StoreSearcher(reader));
    }
    return problems;
  }

  private static String firstError(ByteArrayOutputStream said) {
    return said.toString(StandardCharsets.UTF_8)
        .lines()
        .map(String::strip)
        .filter(line -> line.contains("Exception") || line.contains("ERROR"))
        .findFirst()
        .orElse("no reason given");
  }

  private void checkVoices(StoreSearcher snapshot) throws IOException {
    StoreCommit commit = snapshot.commit();
    progress.begin("checking the voices", snapshot.getIndexReader().numDocs());
    long recorded = 0;
    for (VoiceRecord voice : commit.voices().values()) {
      recorded += checkVoice(snapshot, voice);
    }
    if (recorded != snapshot.getIndexReader().numDocs()) {
      problems.add(
          snapshot.getIndexReader().numDocs()
              + " frames in the index, but "
              + recorded
              + " of recorded voices");
    }
    IndexSearcher searcher = snapshot;
    for (ClipId clip : commit.muted()) {
      if (searcher.count(new TermQuery(clip.term())) == 0) {
        problems.add(
            "clip \"" + clip.clip() + "\" of \"" + clip.speaker() + "\" is muted but not there");
      }
    }
  }

  private long checkVoice(StoreSearcher snapshot, VoiceRecord voice) throws IOException {
    StoredFrames frames =
        new StoredFrames(snapshot.getIndexReader(), voice.speaker(), voice.dims());
    long[] count = {0};
    Set<String> infinite = new TreeSet<>();
    frames.forEach(
        (clip, number, vector) -> {
          count[0]++;
          progress.advance(1);
          for (float value : vector) {
            if (!Float.isFinite(value)) {
              infinite.add(clip);
              break;
            }
          }
        });
    if (count[0] == 0) {
      problems.add("the voice " + voice.description() + " is recorded but has no frames");
    }
    infinite.forEach(
        clip ->
            problems.add(
                "clip \"" + clip + "\" of \"" + voice.speaker() + "\" holds a value not finite"));
    return count[0];
  }
}
