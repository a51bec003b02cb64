// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What speakers are to be called: one name for all clips, or one for each number with which Applio
 * lets the names of clips begin ({@code 1_12_3.npy}).
 *
 * @param all the one name
 * @param byNumber names by number, none if there is one for all
 */
public record SpeakerNames(Optional<String> all, Map<Integer, String> byNumber) {
  private static final Pattern NUMBERED = Pattern.compile("([0-9]{1,9})_.+");

  /** Checks all names. */
  public SpeakerNames {
    byNumber = Map.copyOf(byNumber);
    if (all.isPresent() == !byNumber.isEmpty()) {
      throw new IllegalArgumentException(
          "give the speaker a name, or one to each of the numbers that clips begin with");
    }
    all.ifPresent(Voice::checkSpeaker);
    byNumber.values().forEach(Voice::checkSpeaker);
  }

  /** One speaker. */
  public static SpeakerNames one(String speaker) {
    return new SpeakerNames(Optional.of(speaker), Map.of());
  }

  /** Several, by the number that clips begin with. */
  public static SpeakerNames numbered(Map<Integer, String> names) {
    return new SpeakerNames(Optional.empty(), names);
  }

  /**
   * Gives files to their speakers.
   *
   * @param where they are, for messages
   * @return by speaker, each with one file at least
   * @throws StoreException if a clip has no number or its number no name, a number has no clip, or
   *     clips of several speakers would become one's
   */
  Map<String, List<String>> divide(VoiceFiles files, Object where) throws StoreException {
    SortedMap<Integer, List<String>> found = byNumber(files, where);
    if (all.isPresent()) {
      if (files.numbered() && found.size() > 1) {
        throw new StoreException(
            where + ": clips of " + found.size() + " speakers" + advice(found.keySet()));
      }
      return Map.of(all.get(), files.names());
    }
    for (Integer number : found.keySet()) {
      if (!byNumber.containsKey(number)) {
        throw new StoreException(
            where + ": clips of speaker number " + number + " too" + advice(found.keySet()));
      }
    }
    Map<String, List<String>> bySpeaker = new LinkedHashMap<>();
    for (Integer number : new TreeSet<>(byNumber.keySet())) {
      if (!found.containsKey(number)) {
        throw new StoreException(
            where + ": no clips of speaker number " + number + advice(found.keySet()));
      }
      bySpeaker
          .computeIfAbsent(byNumber.get(number), unused -> new ArrayList<>())
          .addAll(found.get(number));
    }
    return bySpeaker;
  }

  private SortedMap<Integer, List<String>> byNumber(VoiceFiles files, Object where)
      throws StoreException {
    SortedMap<Integer, List<String>> found = new TreeMap<>();
    for (String name : files.names()) {
      Matcher number = NUMBERED.matcher(VoiceFiles.last(name));
      if (files.kind() == VoiceFiles.Kind.CLIPS && number.matches()) {
        found
            .computeIfAbsent(Integer.valueOf(number.group(1)), unused -> new ArrayList<>())
            .add(name);
      } else if (all.isEmpty()) {
        throw new StoreException(
            where
                + ": "
                + VoiceFiles.last(name)
                + " does not begin with a speaker's number, as 0_12_3.npy does; give one name with"
                + " --speaker");
      }
    }
    return found;
  }

  private static String advice(Set<Integer> found) {
    return "; name each of " + found + " with import's --speaker-number N=NAME";
  }
}
