// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import dev.ivfpq.rvc.AddSummary;
import dev.ivfpq.rvc.ImportSummary;
import dev.ivfpq.rvc.IndexedVoice;
import dev.ivfpq.rvc.VoiceStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ivfpq import}. */
@Command(
    name = "import",
    description = {
      "Add the vectors of a faiss index to a store, which is made if there is none.",
      "The index becomes one clip of the speaker, named after the file."
    },
    footer = {
      "",
      "Read are flat and IVF indexes, with raw vectors, 4-bit FastScan, product or scalar codes,",
      "RFlat, IDMap and transforms, also the only index in a so-vits-svc pickle. Where only codes",
      "are kept the vectors are decoded ones, and the command says so.",
      "A trained_ file holds no vectors; use the added_ one.",
      "",
      "Example:",
      "  ivfpq import --store voices --speaker anna added_IVF256_Flat_nprobe_1_anna_v2.index"
    })
final class ImportCommand implements Callable<Integer> {
  @ParentCommand private Ivfpq parent;
  @Spec private CommandSpec spec;
  @Mixin private HelpOptions help;
  @Mixin private StoreOption store;
  @Mixin private ReplaceOption replace;
  @Mixin private JsonOption json;

  @Option(
      names = "--speaker",
      required = true,
      paramLabel = "NAME",
      description = "Whose vectors they are.")
  private String speaker;

  @Parameters(paramLabel = "FILE", description = "Index written by faiss.")
  private Path file;

  @Override
  public Integer call() throws IOException {
    IndexedVoice voice = Usage.checked(spec, () -> new IndexedVoice(speaker, file));
    Console console = parent.console();
    ImportSummary imported;
    try (ConsoleProgress progress = console.progress();
        VoiceStore voices = VoiceStore.openOrCreate(store.folder)) {
      imported = voices.importIndex(voice, replace.existing(), progress);
    }
    if (json.wanted) {
      console.printJson(imported);
    } else {
      AddSummary added = imported.added();
      console.print(
          "imported to \"%s\": %,d x %d vectors (replaced: %,d); store: %,d frames",
          added.speaker(), added.frames(), added.dims(), added.replaced(), added.storeFrames());
      if (!imported.exact()) {
        console.print(
            "these are decoded, not the vectors that were added: the index keeps no others");
      }
      if (imported.byInnerProduct()) {
        console.print("the index went by inner products, the store goes by distance");
      }
      if (imported.trailingBytes() > 0) {
        console.print("%,d bytes behind the index were left out", imported.trailingBytes());
      }
    }
    return 0;
  }
}
