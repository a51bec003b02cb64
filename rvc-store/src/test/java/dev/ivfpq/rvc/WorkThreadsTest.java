// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ivfpq.rvc.npy.NpyBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists the threads that are started while a store works, as the JVM records them. */
class WorkThreadsTest {
  private static final int DIMS = 32;

  @TempDir Path temp;

  private interface Work {
    void run() throws IOException;
  }

  /** Names of the threads that other threads than the recorder's started meanwhile. */
  private List<String> started(Work work) throws IOException {
    Path file = temp.resolve("threads.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("jdk.ThreadStart");
      recording.start();
      // Seen, so that an empty list means that nothing was started and not that nothing was
      // recorded.
      Thread seen = new Thread(() -> {}, "seen");
      seen.start();
      work.run();
      recording.stop();
      recording.dump(file);
    }
    List<String> names = new ArrayList<>();
    for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
      RecordedThread thread = event.getThread("thread");
      String name = thread == null ? "" : String.valueOf(thread.getJavaName());
      if (!name.startsWith("JFR")) {
        names.add(name);
      }
    }
    assertTrue(names.remove("seen"), "the recording lacks a thread: " + names);
    // Lives as long as the JVM's choice of a kernel takes, whatever is set; see WorkThreads.
    names.removeIf("ivfpq-kernel-choice"::equals);
    System.out.println("WorkThreadsTest: started " + names);
    return names;
  }

  /** Changes with a merge that trains, a check, searches, and a stream. */
  private void everything(Path folder, WorkThreads threads) throws IOException {
    try (VoiceStore store = VoiceStore.openOrCreate(folder, threads)) {
      add(store, "anna", 900);
      add(store, "bert", 4000);
      add(store, "cid", 3000);
      assertEquals(List.of(), store.check(Progress.NONE));
      store.rename("cid", "dora", Progress.NONE);
      store.remove("dora", Progress.NONE);
      float[][] frames = Frames.speech(9, 16, DIMS);
      assertEquals(16, store.retrieve(frames, SearchSettings.DEFAULT).size());
      try (VoiceSession session = store.session(Mix.of("bert"), SearchSettings.DEFAULT, 16)) {
        for (int block = 0; block < 10; block++) {
          assertEquals(0, session.convert(frames, 16, new Blend(1), new float[16][DIMS]));
        }
      }
    }
  }

  private void add(VoiceStore store, String speaker, int frames) throws IOException {
    Path clips = Files.createDirectories(temp.resolve(speaker));
    NpyBytes.write(clips.resolve("0.npy"), Frames.speech(speaker.hashCode(), frames, DIMS));
    store.add(new Voice(speaker, Clip.inFolder(clips)), ExistingClips.REFUSE, Progress.NONE);
  }

  @Test
  void testTheCallersThreadAloneStartsNoOther() throws IOException {
    assertEquals(List.of(), started(() -> everything(temp.resolve("alone"), WorkThreads.CALLER)));
  }

  @Test
  void testACapOfThreeHasTwoOthersAtATime() throws IOException {
    List<String> names = started(() -> everything(temp.resolve("three"), new WorkThreads(3)));
    assertTrue(names.size() >= 2, names::toString);
    for (String name : names) {
      assertTrue(name.matches("ivfpq-store-[0-9]+-thread-[12]"), names::toString);
    }
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      assertTrue(!thread.getName().startsWith("ivfpq-store"), thread + " is still there");
    }
  }

  @Test
  void testNoThreadsAreRefused() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new WorkThreads(0));
    assertEquals("threads must be in [1, 1024], got threads=0", e.getMessage());
  }
}
