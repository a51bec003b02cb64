// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench;

import dev.ivfpq.bench.speech.SpeechSet;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ivfpq-bench generate}. */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Write speech-like vectors, as hard to search as real voices, with queries of speakers that"
          + " are not among them.",
      "DIR gets base.npy, query.npy (float32) and speaker.npy (int32). The same options give the"
          + " same bytes."
    })
final class GenerateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--n",
      paramLabel = "N",
      defaultValue = "117000",
      description = "Vectors of the base. Default: ${DEFAULT-VALUE}.")
  private int n;

  @Option(
      names = "--dims",
      paramLabel = "D",
      defaultValue = "768",
      description = "Dimensions. Default: ${DEFAULT-VALUE}.")
  private int dims;

  @Option(
      names = "--speakers",
      paramLabel = "S",
      defaultValue = "40",
      description = "Speakers of the base, an equal share each. Default: ${DEFAULT-VALUE}.")
  private int speakers;

  @Option(
      names = "--queries",
      paramLabel = "Q",
      defaultValue = "2000",
      description = "Vectors of the queries. Default: ${DEFAULT-VALUE}.")
  private int queries;

  @Option(
      names = "--seed",
      paramLabel = "X",
      defaultValue = "1",
      description = "What all is drawn from. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder for the three files, made if missing.")
  private Path out;

  @Override
  public Integer call() throws Exception {
    SpeechSet set;
    try {
      set = new SpeechSet(n, dims, speakers, queries, seed);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    set.write(out, this::say);
    spec.commandLine()
        .getOut()
        .println(
            n
                + " x "
                + dims
                + " of "
                + speakers
                + " speakers and "
                + queries
                + " queries in "
                + out);
    return 0;
  }

  private void say(int done) {
    if (Integer.bitCount(done) == 1) {
      spec.commandLine().getErr().println("ivfpq-bench: generate: " + done + " speakers done");
    }
  }
}
