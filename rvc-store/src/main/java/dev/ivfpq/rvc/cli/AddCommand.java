// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import dev.ivfpq.rvc.AddSummary;
import dev.ivfpq.rvc.Clip;
import dev.ivfpq.rvc.Voice;
import dev.ivfpq.rvc.Voices;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ivfpq add}. */
@Command(
    name = "add",
    description = {
      "Add clips of one speaker to a store, which is made if there is none.",
      "All .npy files of the folders are added in one step, in the order of their names, or none."
    },
    footer = {
      "",
      "A clip is a matrix (frames, dims) of float16, float32 or float64; its name is the file's.",
      "A clip that the speaker already has is refused, unless --replace or --replace-all is given.",
      "",
      "Example:",
      "  ivfpq add --store voices --speaker anna logs/anna/3_feature768"
    })
final class AddCommand implements Callable<Integer> {
  @ParentCommand private Ivfpq parent;
  @Spec private CommandSpec spec;
  @Mixin private HelpOptions help;
  @Mixin private StoreOption store;
  @Mixin private ReplaceOption replace;
  @Mixin private EmbedderOption embedder;
  @Mixin private ThreadsOption threads;
  @Mixin private JsonOption json;

  @Option(
      names = "--speaker",
      required = true,
      paramLabel = "NAME",
      description = "Whose clips they are.")
  private String speaker;

  @Parameters(arity = "1..*", paramLabel = "FOLDER", description = "Folder of .npy files.")
  private List<Path> folders;

  @Override
  public Integer call() throws IOException {
    List<Clip> clips = new ArrayList<>();
    for (Path folder : folders) {
      clips.addAll(Clip.inFolder(folder));
    }
    Voice voice = Usage.checked(spec, () -> new Voice(speaker, clips, embedder.name()));
    Console console = parent.console();
    AddSummary added;
    try (ConsoleProgress progress = console.progress();
        Voices voices = store.openOrCreate(threads.checked(spec))) {
      added = voices.add(voice, replace.existing(), progress);
    }
    if (json.wanted) {
      console.printJson(added);
    } else {
      console.print(
          "added to \"%s\": %,d x %d frames, clips: %,d (replaced: %,d); store: %,d frames",
          added.speaker(),
          added.frames(),
          added.dims(),
          added.clips(),
          added.replaced(),
          added.storeFrames());
    }
    return 0;
  }
}
