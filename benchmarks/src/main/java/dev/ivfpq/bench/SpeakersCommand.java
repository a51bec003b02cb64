// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench;

import dev.ivfpq.bench.report.RunHead;
import dev.ivfpq.bench.report.Table;
import dev.ivfpq.bench.report.TableReport;
import dev.ivfpq.bench.run.Distance;
import dev.ivfpq.bench.speakers.ChangeRow;
import dev.ivfpq.bench.speakers.MadeChange;
import dev.ivfpq.bench.speakers.SearchRow;
import dev.ivfpq.bench.speakers.SpeakersOutcome;
import dev.ivfpq.bench.speakers.SpeakersPlan;
import dev.ivfpq.bench.speakers.SpeakersRun;
import dev.ivfpq.bench.speakers.StoreRow;
import dev.ivfpq.kernel.Kernels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ivfpq-bench speakers}. */
@Command(
    name = "speakers",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measure a voice store of many generated speakers: adding, replacing and removing one, until"
          + " others see it, beside building the store anew; searches of one speaker's frames;"
          + " sizes.",
      "The clips and the store take twice the bytes of all frames, in DIR, while it runs."
    })
final class SpeakersCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private RepeatOptions repeat;

  @Option(
      names = "--speakers",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Speakers in the store. Default: ${DEFAULT-VALUE}.")
  private int speakers;

  @Option(
      names = "--frames",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Frames of each. Default: ${DEFAULT-VALUE}.")
  private int frames;

  @Option(
      names = "--dims",
      paramLabel = "D",
      defaultValue = "256",
      description = "Dimensions. Default: ${DEFAULT-VALUE}.")
  private int dims;

  @Option(
      names = "--queries",
      paramLabel = "N",
      defaultValue = "200",
      description = "Frames of another speaker to search with. Default: ${DEFAULT-VALUE}.")
  private int queries;

  @Option(
      names = "--seed",
      paramLabel = "X",
      defaultValue = "1",
      description = "What all is drawn from. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder for results.")
  private Path out;

  @Override
  public Integer call() throws Exception {
    SpeakersPlan plan;
    try {
      plan = new SpeakersPlan(speakers, frames, dims, queries, repeat.k, repeat.rounds, seed);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    Path folder = Files.createDirectories(out).toAbsolutePath();
    List<String> words = spec.commandLine().getParent().getParseResult().originalArgs();
    RunHead head =
        RunHead.now(
            words,
            Kernels.awaitFastScan().name(),
            Math.multiplyExact(speakers, frames),
            dims,
            queries,
            Distance.EUCLIDEAN.toString(),
            repeat.rounds);
    List<Table<?>> tables = tables(SpeakersRun.run(plan, folder.resolve("work"), this::say));
    TableReport.write(folder, head, tables);
    TableReport.print(tables, spec.commandLine().getOut());
    say("results are in " + out);
    return 0;
  }

  private static List<Table<?>> tables(SpeakersOutcome outcome) {
    return List.of(
        new Table<>("stores", "The store", "Sizes of all files.", StoreRow.class, outcome.stores()),
        new Table<>(
            "changes",
            "Changes of one speaker",
            "commit: from the call to its return, merges that became due included. refresh, reopen:"
                + " from the commit until a searcher opened before, and one opened anew, has found"
                + " what changed. Percent: commit and refresh by the wall time of importing all"
                + " speakers at once.",
            ChangeRow.class,
            outcome.changes()),
        new Table<>(
            "each",
            "Each change",
            "In order. Fewer segments than before: the change brought a merge about.",
            MadeChange.class,
            outcome.made()),
        new Table<>(
            "searches",
            "Searches of one speaker's frames among all",
            "One thread, one query at a time, no setting at all, over all speakers and rounds.",
            SearchRow.class,
            outcome.searches()));
  }

  private void say(String step) {
    spec.commandLine().getErr().println("ivfpq-bench: speakers: " + step);
  }
}
