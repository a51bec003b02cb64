// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import dev.ivfpq.rvc.ClipId;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Some clips of a speaker. */
final class ClipsOption {
  @Option(
      names = "--speaker",
      required = true,
      paramLabel = "NAME",
      description = "Whose clips they are.")
  String speaker;

  @Parameters(arity = "1..*", paramLabel = "CLIP", description = "A clip's name.")
  List<String> names;

  List<ClipId> ids() {
    return names.stream().map(name -> new ClipId(speaker, name)).toList();
  }
}
