// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import dev.ivfpq.rvc.ExistingFiles;
import dev.ivfpq.rvc.ExportSummary;
import dev.ivfpq.rvc.VoiceExport;
import dev.ivfpq.rvc.VoiceStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ivfpq export}. */
@Command(
    name = "export",
    description = {
      "Write the frames of one speaker, or of several together, as RVC and faiss read them:",
      "added_IVF<n>_Flat_nprobe_1_<name>_<v1|v2>.index, and total_fea.npy with the same frames."
    },
    footer = {
      "",
      "No list of the index has less than 8 frames, so that RVC's search of one list finds 8.",
      "Several speakers become one voice: each converted frame takes the nearest of any of them;",
      "they are of one dimension and embedder. Muted clips are left out.",
      "",
      "Example:",
      "  ivfpq export --store voices --speaker anna --out logs/anna"
    })
final class ExportCommand implements Callable<Integer> {
  @ParentCommand private Ivfpq parent;
  @Spec private CommandSpec spec;
  @Mixin private HelpOptions help;
  @Mixin private StoreOption store;
  @Mixin private JsonOption json;

  @Option(
      names = "--speaker",
      required = true,
      paramLabel = "NAME",
      description = "Whose frames; repeat it for several.")
  private List<String> speakers;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder for the files, made if it is not there.")
  private Path folder;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The voice's name in that of the index. Default: the speakers' names.")
  private String name;

  @Option(names = "--replace", description = "Replace files that are there already.")
  private boolean replace;

  @Override
  public Integer call() throws IOException {
    VoiceExport export =
        Usage.checked(
            spec,
            () ->
                new VoiceExport(
                    speakers, name == null ? VoiceExport.nameOf(speakers) : name, folder));
    Console console = parent.console();
    ExportSummary exported;
    try (ConsoleProgress progress = console.progress();
        VoiceStore voices = VoiceStore.open(store.folder())) {
      exported =
          voices.exportIndex(
              export, replace ? ExistingFiles.REPLACE : ExistingFiles.REFUSE, progress);
    }
    if (json.wanted) {
      console.printJson(exported);
    } else {
      console.print(
          "wrote %s: %,d frames x %d dims in %,d lists, the smallest of %,d",
          exported.index(),
          exported.frames(),
          exported.dims(),
          exported.nlist(),
          exported.smallestList());
      console.print("wrote %s: the same frames", exported.features());
      if (exported.muted() > 0) {
        console.print("left out, as they are muted: %,d clips", exported.muted());
      }
      if (!exported.seenByRvc()) {
        console.print(
            "RVC does not find an index in a folder with \"trained\" in its path; move it");
      }
    }
    return 0;
  }
}
