// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ivfpq.rvc.Frames;
import dev.ivfpq.rvc.Progress;
import dev.ivfpq.rvc.StoreException;
import dev.ivfpq.rvc.VoiceStore;
import dev.ivfpq.rvc.npy.NpyBytes;
import dev.ivfpq.rvc.npy.NpyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
  @TempDir Path temp;

  private void clip(String set, String speaker, long seed, int frames) throws IOException {
    Path folder = Files.createDirectories(temp.resolve("examples").resolve(set).resolve(speaker));
    NpyBytes.write(folder.resolve(seed + ".npy"), Frames.speech(seed, frames, 16));
  }

  private Demo demo() throws IOException {
    return new Demo(temp, Progress.NONE);
  }

  @Test
  void testDemoConvertsToTheOtherVoiceWithMostMaterial() throws IOException {
    clip("voices", "anna", 1, 100);
    clip("voices", "bert", 2, 200);
    clip("voices", "bert", 3, 100);
    clip("voices", "carl", 4, 150);
    clip("held-out", "bert", 5, 30);
    clip("held-out", "carl", 6, 40);
    clip("held-out", "carl", 7, 30);
    Path store = temp.resolve("store");
    Path scratch = Files.createDirectory(temp.resolve("scratch"));
    Path output = temp.resolve("out.npy");
    DemoReport report = demo().run(store, scratch, output);
    assertEquals(3, report.voices());
    assertEquals(550, report.vectors());
    assertEquals(16, report.dims());
    assertEquals("carl", report.target());
    assertEquals("bert", report.querySpeaker());
    assertEquals("5", report.query());
    assertEquals(30, report.queryFrames());
    assertEquals(30, report.timedFrames());
    assertEquals(output.toString(), report.output());
    assertTrue(report.recallAt8() > 0.9 && report.recallAt8() <= 1, report.toString());
    assertTrue(report.hnswRecallAt8() >= report.recallAt8(), report.toString());
    assertTrue(report.usPerFrame() > 0 && report.hnswUsPerFrame() > 0, report.toString());
    try (NpyReader reader = NpyReader.open(output)) {
      assertEquals(30, reader.rows());
      reader.verify();
    }
    try (VoiceStore kept = VoiceStore.open(store)) {
      assertEquals(550, kept.info().frames());
    }
    StoreException e = assertThrows(StoreException.class, () -> demo().run(store, scratch, output));
    assertEquals(
        store + ": already a store; the demo makes its own, name a new folder", e.getMessage());
  }

  @Test
  void testMissingSamplesAreNamed() throws IOException {
    StoreException e = assertThrows(StoreException.class, this::demo);
    assertTrue(
        e.getMessage().startsWith(temp.resolve("examples").resolve("voices") + ": the sample"),
        e.getMessage());
    clip("voices", "anna", 1, 100);
    clip("held-out", "anna", 2, 100);
    e = assertThrows(StoreException.class, this::demo);
    assertTrue(e.getMessage().contains("needs two voices and a held-out clip"), e.getMessage());
  }
}
