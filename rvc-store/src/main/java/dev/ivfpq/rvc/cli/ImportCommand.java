// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import dev.ivfpq.rvc.AddSummary;
import dev.ivfpq.rvc.ImportSummary;
import dev.ivfpq.rvc.SpeakerNames;
import dev.ivfpq.rvc.VoiceImport;
import dev.ivfpq.rvc.Voices;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
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
      "Add a voice to a store, which is made if there is none: from RVC's logs/<experiment>,",
      "Applio's extracted, a zip archive with either or with an index, a .npy matrix, or an index."
    },
    footer = {
      "",
      "Taken are the clips (3_feature256, 3_feature768, extracted) if they are there,",
      "else total_fea.npy, else the index, and it is said which. A matrix or an index",
      "becomes one clip.",
      "Archives are not unpacked, and .pth and .pkl files in them never read.",
      "",
      "Of indexes read are flat and IVF ones, with raw vectors, 4-bit FastScan, product",
      "or scalar codes, RFlat, IDMap and transforms, also the only index in a",
      "so-vits-svc pickle. Where only codes are kept the vectors are decoded ones, and it is said.",
      "A trained_ file holds no vectors; use the added_ one.",
      "",
      "Example:",
      "  ivfpq import --store voices --speaker anna added_IVF256_Flat_nprobe_1_anna.index",
      "  ivfpq import --store voices --speaker ben ben.zip",
      "  ivfpq import --store voices --speaker-number 0=cid --speaker-number 1=dora duo"
    })
final class ImportCommand implements Callable<Integer> {
  @ParentCommand private Ivfpq parent;
  @Spec private CommandSpec spec;
  @Mixin private HelpOptions help;
  @Mixin private StoreOption store;
  @Mixin private ReplaceOption replace;
  @Mixin private EmbedderOption embedder;
  @Mixin private ThreadsOption threads;
  @Mixin private JsonOption json;

  @ArgGroup(multiplicity = "1")
  private Speakers speakers;

  /** One name, or one a number. */
  private static final class Speakers {
    @Option(names = "--speaker", paramLabel = "NAME", description = "Whose voice it is.")
    private String one;

    @Option(
        names = "--speaker-number",
        paramLabel = "N=NAME",
        description = {
          "Whose the clips are that begin with this number, as those of Applio do;",
          "repeat it for others."
        })
    private Map<Integer, String> numbered;

    SpeakerNames names() {
      return one == null ? SpeakerNames.numbered(numbered) : SpeakerNames.one(one);
    }
  }

  @Parameters(paramLabel = "VOICE", description = "Folder, archive, matrix or index.")
  private Path path;

  @Override
  public Integer call() throws IOException {
    VoiceImport voice =
        Usage.checked(spec, () -> new VoiceImport(path, speakers.names(), embedder.name()));
    Console console = parent.console();
    ImportSummary imported;
    try (ConsoleProgress progress = console.progress();
        Voices voices = store.openOrCreate(threads.checked(spec))) {
      imported = voices.importVoice(voice, replace.existing(), progress);
    }
    if (json.wanted) {
      console.printJson(imported);
    } else {
      print(imported, console);
    }
    return 0;
  }

  private static void print(ImportSummary imported, Console console) throws IOException {
    for (AddSummary added : imported.added()) {
      console.print(
          "imported to \"%s\": %,d x %d vectors, clips: %,d (replaced: %,d); store: %,d frames",
          added.speaker(),
          added.frames(),
          added.dims(),
          added.clips(),
          added.replaced(),
          added.storeFrames());
    }
    console.print("taken: %s", imported.taken());
    if (!imported.left().isEmpty()) {
      console.print("left, as the same voice: %s", String.join(", ", imported.left()));
    }
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
}
