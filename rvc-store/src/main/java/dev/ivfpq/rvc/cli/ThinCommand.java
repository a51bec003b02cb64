// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import dev.ivfpq.rvc.Clip;
import dev.ivfpq.rvc.HoldOut;
import dev.ivfpq.rvc.Thinning;
import dev.ivfpq.rvc.ThinningPlan;
import dev.ivfpq.rvc.VoiceStore;
import dev.ivfpq.rvc.VoiceThinner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ivfpq thin}. */
@Command(
    name = "thin",
    description = {
      "Reduce a voice to the frames that have no close stand-in, in one step, and say what that",
      "does to its searches. Frames that go are gone: try it with --dry-run first."
    },
    footer = {
      "",
      "Of the two frames that are nearest to each other one goes, again and again, until as many",
      "are left as asked for. Frames that stay keep clip and place. Muted clips are not touched.",
      "The change is measured by exact searches with frames that are held out: of the clips given,",
      "best of whoever is to be converted, or else of the voice, without their own clip.",
      "Near duplicates, often a tenth of a voice, are hardly missed; more than half always is.",
      "",
      "Examples:",
      "  ivfpq thin --store voices --speaker anna --share 0.75 --dry-run ben/held-out",
      "  ivfpq thin --store voices --speaker anna --frames 100000"
    })
final class ThinCommand implements Callable<Integer> {
  @ParentCommand private Ivfpq parent;
  @Spec private CommandSpec spec;
  @Mixin private HelpOptions help;
  @Mixin private StoreOption store;
  @Mixin private JsonOption json;

  @Option(
      names = "--speaker",
      required = true,
      paramLabel = "NAME",
      description = "Whose voice is reduced.")
  private String speaker;

  @Option(names = "--frames", paramLabel = "N", description = "Frames that stay.")
  private Integer frames;

  @Option(
      names = "--share",
      paramLabel = "S",
      description = "Share of the frames that stays, above 0 and below 1.")
  private Double share;

  @Option(names = "--dry-run", description = "Measure, but leave the store as it is.")
  private boolean dryRun;

  @Parameters(
      arity = "0..*",
      paramLabel = "CLIP",
      description = "Held-out clips, files or folders of .npy.")
  private List<Path> clips = List.of();

  /** What was done; nothing for what is known only after it was. */
  private record Result(
      String speaker,
      int dims,
      int framesBefore,
      int framesAfter,
      int clipsLost,
      int heldOutFrames,
      HoldOut holdOut,
      double blendChange,
      double nearestChange,
      double neighboursKept,
      double recallBefore,
      Double recallAfter,
      long storeBytesBefore,
      Long storeBytesAfter,
      boolean dryRun) {}

  @Override
  public Integer call() throws IOException {
    ThinningPlan plan =
        Usage.checked(
            spec,
            () ->
                new ThinningPlan(
                    speaker,
                    frames == null ? OptionalInt.empty() : OptionalInt.of(frames),
                    share == null ? OptionalDouble.empty() : OptionalDouble.of(share),
                    List.of()));
    plan = plan.withClips(Clip.files(clips));
    Console console = parent.console();
    Thinning thinning;
    try (ConsoleProgress progress = console.progress();
        VoiceStore voices = VoiceStore.open(store.folder())) {
      VoiceThinner thinner = new VoiceThinner(voices);
      thinning = dryRun ? thinner.preview(plan, progress) : thinner.thin(plan, progress);
    }
    if (json.wanted) {
      console.printJson(result(thinning));
    } else {
      print(thinning, console);
    }
    return 0;
  }

  private Result result(Thinning thinning) {
    return new Result(
        thinning.speaker(),
        thinning.dims(),
        thinning.framesBefore(),
        thinning.framesAfter(),
        thinning.clipsLost(),
        thinning.change().frames(),
        thinning.change().holdOut(),
        thinning.change().blend(),
        thinning.change().nearest(),
        thinning.change().neighboursKept(),
        thinning.recallBefore(),
        dryRun ? null : (Double) thinning.recallAfter().getAsDouble(),
        thinning.storeBytesBefore(),
        dryRun ? null : (Long) thinning.storeBytesAfter().getAsLong(),
        dryRun);
  }

  private void print(Thinning thinning, Console console) throws IOException {
    long frame = thinning.dims() * (long) Float.BYTES;
    console.print(
        "\"%s\": %,d of %,d frames stay (%.1f %%), %.1f of %.1f MB",
        thinning.speaker(),
        thinning.framesAfter(),
        thinning.framesBefore(),
        100.0 * thinning.framesAfter() / thinning.framesBefore(),
        thinning.framesAfter() * frame / 1e6,
        thinning.framesBefore() * frame / 1e6);
    if (thinning.clipsLost() > 0) {
      console.print("clips of which no frame stays: %,d", thinning.clipsLost());
    }
    Thinning.Change change = thinning.change();
    console.print(
        "%,d frames %s:",
        change.frames(),
        switch (change.holdOut()) {
          case GIVEN_CLIPS -> "of the clips given";
          case OWN_CLIP -> "of the voice, none of which finds its own clip";
          case OWN_FRAME -> "of the voice, which find their own clip, but not themselves";
        });
    console.print("  the blended vector moves by    %6.2f %% of its length", 100 * change.blend());
    console.print(
        "  the nearest neighbour is       %6.2f %% farther, in squared distance",
        100 * change.nearest());
    console.print("  of the eight nearest           %6.2f %% stay", 100 * change.neighboursKept());
    if (dryRun) {
      console.print("  recall@8 is now                %.4f", thinning.recallBefore());
      console.print("dry run: %s stays as it is", store.folder());
    } else {
      console.print(
          "  recall@8 was, and is           %.4f, %.4f",
          thinning.recallBefore(), thinning.recallAfter().getAsDouble());
      console.print(
          "store: %.1f MB, was %.1f MB",
          thinning.storeBytesAfter().getAsLong() / 1e6, thinning.storeBytesBefore() / 1e6);
    }
  }
}
