// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What {@code --version} prints: the command's name and the version of its jar. */
public final class ProjectVersion implements IVersionProvider {
  @Spec private CommandSpec command;

  @Override
  public String[] getVersion() {
    String version = ProjectVersion.class.getPackage().getImplementationVersion();
    // Classes that are not in a jar have none.
    return new String[] {
      command.qualifiedName() + " " + (version == null ? "(not packaged)" : version)
    };
  }
}
