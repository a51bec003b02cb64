// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import dev.ivfpq.rvc.demo.Demo;
import dev.ivfpq.rvc.demo.DemoReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.apache.lucene.util.IOUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ivfpq demo}. */
@Command(
    name = "demo",
    description = {
      "Index the sample voices, convert a clip from one voice to another, and measure the search.",
      "Takes less than a minute and leaves nothing but the converted clip."
    },
    footer = {
      "",
      "Times are microseconds a frame: one thread, Lucene's stock query under the target voice's",
      "filter, medians of alternating rounds. Lucene's HNSW runs at its own fastest setting whose",
      "recall is at least ours.",
      "",
      "Example:",
      "  ivfpq demo --json"
    })
final class DemoCommand implements Callable<Integer> {
  /** The project's folder, told by {@code bin/ivfpq}. */
  private static final String HOME_PROPERTY = "ivfpq.home";

  @ParentCommand private Ivfpq parent;
  @Spec private CommandSpec spec;
  @Mixin private HelpOptions help;
  @Mixin private JsonOption json;

  @Option(
      names = "--store",
      paramLabel = "DIR",
      description = "New folder that keeps the store. Default: a temporary one.")
  private Path folder;

  @Option(
      names = "--out",
      paramLabel = "OUT.npy",
      description = "File for the converted clip. Default: a new one in the temporary folder.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    String home = System.getProperty(HOME_PROPERTY);
    if (home == null) {
      throw new ParameterException(
          spec.commandLine(), "the sample voices are found by bin/ivfpq only, run that");
    }
    Console console = parent.console();
    Path temporary = Files.createTempDirectory("ivfpq-demo");
    Path scratch = Files.createDirectory(temporary.resolve("scratch"));
    DemoReport report = null;
    try (ConsoleProgress progress = console.progress()) {
      Path store = folder == null ? scratch.resolve("store") : folder;
      Path output = out == null ? temporary.resolve("converted.npy") : out;
      report = new Demo(Path.of(home), progress).run(store, scratch, output);
    } finally {
      boolean keepsOutput = out == null && report != null;
      IOUtils.rm(keepsOutput ? scratch : temporary);
    }
    if (json.wanted) {
      console.printJson(report);
    } else {
      print(report, console);
    }
    return 0;
  }

  private static void print(DemoReport report, Console console) throws IOException {
    console.print(
        "indexed     %d voices, %,d frames x %d dims",
        report.voices(), report.vectors(), report.dims());
    console.print(
        "searched    clip %s of %s, %d frames: %.0f %% of the neighbours are of that speaker",
        report.query(), report.querySpeaker(), report.queryFrames(), 100 * report.ownShare());
    console.print("converted   to the voice of %s: %s", report.target(), report.output());
    console.print(
        "measured    %,d frames of other speakers, searched in the voice of %s",
        report.timedFrames(), report.target());
    console.print("            recall@8  us per frame");
    console.print("ivfpq       %.4f    %8.1f", report.recallAt8(), report.usPerFrame());
    console.print(
        "HNSW        %.4f    %8.1f   Lucene's, fastest setting of at least that recall: M %d,"
            + " queue %d",
        report.hnswRecallAt8(), report.hnswUsPerFrame(), report.hnswM(), report.hnswQueue());
  }
}
