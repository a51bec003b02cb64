// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Tells values that the library refuses from failures: the first are wrong usage. */
final class Usage {
  private Usage() {}

  /**
   * Makes a setting from the command line.
   *
   * @throws ParameterException with the library's words if it refuses the value
   */
  static <T> T checked(CommandSpec command, Supplier<T> setting) {
    try {
      return setting.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
  }
}
