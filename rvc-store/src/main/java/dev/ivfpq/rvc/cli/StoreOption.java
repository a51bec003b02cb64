// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import dev.ivfpq.rvc.VoiceStore;
import dev.ivfpq.rvc.Voices;
import dev.ivfpq.rvc.WorkThreads;
import dev.ivfpq.rvc.cluster.ClusterAddress;
import dev.ivfpq.rvc.cluster.ClusterStore;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which store: a folder's, or a cluster's. */
final class StoreOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  private Path folder;
  private ClusterAddress cluster;

  @Option(
      names = "--store",
      required = true,
      paramLabel = "DIR",
      description = {
        "Folder of the store; or opensearch://HOST:PORT/INDEX, where add, import, search, convert,",
        "speakers, info and remove work, too."
      })
  void set(String where) {
    if (ClusterAddress.isOne(where)) {
      cluster = Usage.checked(command, () -> ClusterAddress.parse(where, System.getenv()));
    } else {
      folder = Path.of(where);
    }
  }

  /**
   * The folder, for a command that needs one.
   *
   * @throws ParameterException if a cluster is named
   */
  Path folder() {
    if (cluster != null) {
      throw new ParameterException(
          command.commandLine(),
          command.name()
              + " works on a store in a folder only, not on a cluster; name a folder with --store");
    }
    return folder;
  }

  /** Opens a store that is there, to be read. */
  Voices open() throws IOException {
    return open(WorkThreads.processors());
  }

  /**
   * Opens a store that is there.
   *
   * @param threads most that work here, not those of a cluster
   */
  Voices open(WorkThreads threads) throws IOException {
    return cluster == null ? VoiceStore.open(folder, threads) : ClusterStore.open(cluster);
  }

  /** Opens a store, or what becomes one. */
  Voices openOrCreate(WorkThreads threads) throws IOException {
    return cluster == null
        ? VoiceStore.openOrCreate(folder, threads)
        : ClusterStore.openOrCreate(cluster);
  }
}
