// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Which of many files a voice is in, told by the names that RVC and Applio give them: the clips if
 * they are there, as they know their order in time; else {@code total_fea.npy}; else the index.
 *
 * @param kind what was chosen
 * @param names of the files, with slashes
 * @param folder of all of them, empty where they have none
 * @param left what the others are, where there were others to choose
 */
record VoiceFiles(Kind kind, List<String> names, String folder, List<String> left) {
  /** The ways in which a voice is kept, the best first. */
  enum Kind {
    CLIPS,
    MATRIX,
    INDEX
  }

  /** What Applio calls its folder of features. */
  private static final String APPLIO = "extracted";

  private static final Set<String> FEATURES = Set.of("3_feature256", "3_feature768", APPLIO);

  /** Folders of pitch curves, which are {@code .npy} too. */
  private static final Set<String> PITCH = Set.of("2a_f0", "2b-f0nsf", "f0", "f0_voiced");

  private static final String MATRIX = "total_fea.npy";

  /**
   * Chooses.
   *
   * @param all names of files, with slashes
   * @param where they are, for messages
   * @throws StoreException if there is none of the three, or several that could be meant
   */
  static VoiceFiles choose(List<String> all, Object where) throws StoreException {
    List<String> names = all.stream().filter(name -> !ofMac(name)).sorted(Clip.NAME_ORDER).toList();
    TreeMap<String, List<String>> features = new TreeMap<>();
    TreeMap<String, List<String>> others = new TreeMap<>();
    for (String name : names) {
      String parent = last(folder(name));
      if (isNpy(name) && !PITCH.contains(parent) && !last(name).equals(MATRIX)) {
        (FEATURES.contains(parent) ? features : others)
            .computeIfAbsent(folder(name), unused -> new ArrayList<>())
            .add(name);
      }
    }
    List<String> matrices = named(names, name -> last(name).equals(MATRIX));
    List<String> indexes = indexes(names);
    List<String> left = new ArrayList<>();
    left.addAll(matrices);
    left.addAll(indexes);
    if (!features.isEmpty()) {
      return clips(features, left, where);
    }
    if (!matrices.isEmpty()) {
      return new VoiceFiles(Kind.MATRIX, List.of(only(matrices, where)), "", indexes);
    }
    if (!indexes.isEmpty()) {
      return new VoiceFiles(Kind.INDEX, List.of(only(indexes, where)), "", List.of());
    }
    if (!others.isEmpty()) {
      return clips(others, List.of(), where);
    }
    throw nothing(names, where);
  }

  private static VoiceFiles clips(
      TreeMap<String, List<String>> byFolder, List<String> left, Object where)
      throws StoreException {
    String folder = only(List.copyOf(byFolder.keySet()), where);
    return new VoiceFiles(Kind.CLIPS, byFolder.get(folder), folder, left);
  }

  /** All but trained ones; those that are called added, if there are some. */
  private static List<String> indexes(List<String> names) {
    List<String> indexes =
        named(names, name -> last(name).endsWith(".index") && !last(name).startsWith("trained_"));
    List<String> added = named(indexes, name -> last(name).startsWith("added_"));
    return added.isEmpty() ? indexes : added;
  }

  private static List<String> named(List<String> names, Predicate<String> which) {
    return names.stream().filter(which).toList();
  }

  private static String only(List<String> names, Object where) throws StoreException {
    if (names.size() > 1) {
      throw new StoreException(
          where
              + ": "
              + names.size()
              + " that could be meant ("
              + String.join(", ", names.stream().limit(3).map(VoiceFiles::shown).toList())
              + (names.size() > 3 ? ", ..." : "")
              + "); unpack what is packed, and import one of them");
    }
    return names.getFirst();
  }

  private static StoreException nothing(List<String> names, Object where) {
    String hint = "";
    if (names.stream().anyMatch(name -> last(name).startsWith("trained_"))) {
      hint = "; a trained_ index holds no vectors, get the added_ one";
    } else if (names.stream().anyMatch(name -> name.endsWith(".pth"))) {
      hint = "; a .pth is the voice's model, get the index or the features that belong to it";
    }
    for (String name : names) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (lower.endsWith(".zip") || lower.endsWith(".rar") || lower.endsWith(".7z")) {
        hint = "; archives inside are not opened, unpack " + shown(name) + " and import that";
      }
    }
    return new StoreException(
        where + ": no folder of clips, no total_fea.npy and no .index in it" + hint);
  }

  /** Whether clips begin with the speaker's number. */
  boolean numbered() {
    return last(folder).equals(APPLIO);
  }

  /** What was chosen, for people. */
  String taken() {
    return shown(kind == Kind.CLIPS && !folder.isEmpty() ? folder : names.getFirst());
  }

  /** The part of a name behind its last slash. */
  static String last(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  private static String folder(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf('/')));
  }

  private static boolean isNpy(String name) {
    return name.endsWith(".npy");
  }

  /** What macOS packs beside each file. */
  private static boolean ofMac(String name) {
    return last(name).startsWith("._") || name.startsWith("__MACOSX/");
  }

  private static String shown(String name) {
    return name.replaceAll("\\p{Cntrl}", "?");
  }
}
