// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.memory;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.ivfpq.bench.merge.MergeSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.function.Consumer;
import org.apache.lucene.util.IOUtils;

/** Indexes that are built once and stay: a graph of a million vectors takes a quarter hour. */
final class KeptIndexes {
  private static final JsonMapper JSON = new JsonMapper();
  private static final double MB = 1 << 20;

  private final Path folder;
  private final Path base;
  private final String heap;
  private final Consumer<String> say;

  /**
   * @param base vectors of all indexes
   * @param heap of the process that builds one
   */
  KeptIndexes(Path folder, Path base, String heap, Consumer<String> say) {
    this.folder = folder;
    this.base = base;
    this.heap = heap;
    this.say = say;
  }

  /** Where the index of a system is. */
  Path folder(MergeSystem system) {
    return folder.resolve(system.toString());
  }

  /** How the index of a system came about: now, or in an earlier run from the same base. */
  BuildRow row(MergeSystem system) throws IOException, InterruptedException {
    Path figures = folder.resolve(system + ".json");
    if (Files.exists(figures) && newer(figures)) {
      say.accept("taking the index of " + system + " that is there");
      return JSON.readValue(figures.toFile(), BuildRow.class);
    }
    say.accept("building the index of " + system);
    Files.createDirectories(folder);
    Files.deleteIfExists(figures);
    IOUtils.rm(folder(system));
    BuildRow row = build(system);
    JSON.writeValue(figures.toFile(), row);
    return row;
  }

  /** Whether the base has not changed since. */
  private boolean newer(Path figures) throws IOException {
    FileTime built = Files.getLastModifiedTime(figures);
    return built.compareTo(Files.getLastModifiedTime(base)) > 0;
  }

  private BuildRow build(MergeSystem system) throws IOException, InterruptedException {
    try (ControlGroup group = ControlGroup.create(0)) {
      List<String> args = List.of(base.toString(), folder(system).toString(), system.toString());
      BuildFigures figures =
          ChildProcess.run(group, heap, IndexProcess.class, args, BuildFigures.class);
      return new BuildRow(
          system.toString(),
          figures.vectors(),
          figures.dims(),
          figures.index(),
          figures.forceMerge(),
          heap,
          figures.peakHeap(),
          group.cached() / MB,
          figures.bytes() / MB);
    }
  }
}
