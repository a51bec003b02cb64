// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;

/** Where results, messages and progress go. */
final class Console {
  /** Set by {@code bin/ivfpq}, since Java cannot tell. */
  private static final String OUT_TERMINAL_PROPERTY = "ivfpq.stdout.terminal";

  private static final String ERR_TERMINAL_PROPERTY = "ivfpq.stderr.terminal";

  /** Asks for no colours unless it is empty; https://no-color.org. */
  private static final String NO_COLOR = "NO_COLOR";

  private static final ObjectMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  private final OutputStream out;
  private final Charset charset;
  private final PrintStream err;
  private final boolean outSeen;
  private final boolean errSeen;
  private final boolean colours;

  /**
   * A console.
   *
   * @param out takes results
   * @param charset of results that are not JSON
   * @param err takes messages
   * @param outSeen whether {@code out} is a terminal
   * @param errSeen whether {@code err} is a terminal, so that progress is worth showing
   * @param environment says whether terminals are to show colours
   */
  Console(
      OutputStream out,
      Charset charset,
      PrintStream err,
      boolean outSeen,
      boolean errSeen,
      Map<String, String> environment) {
    this.out = new BufferedOutputStream(new PipeStream(out));
    this.charset = charset;
    this.err = err;
    this.outSeen = outSeen;
    this.errSeen = errSeen;
    this.colours =
        environment.getOrDefault(NO_COLOR, "").isEmpty() && !"dumb".equals(environment.get("TERM"));
  }

  /** The process's own. */
  static Console system() {
    return new Console(
        new FileOutputStream(FileDescriptor.out),
        System.out.charset(),
        System.err,
        Boolean.getBoolean(OUT_TERMINAL_PROPERTY),
        Boolean.getBoolean(ERR_TERMINAL_PROPERTY),
        System.getenv());
  }

  /** Tells broken pipes from other failures to write. */
  private static final class PipeStream extends FilterOutputStream {
    PipeStream(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        out.write(bytes, offset, length);
      } catch (IOException e) {
        String reason = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        throw reason.contains("pipe") ? new ClosedPipeException(e) : e;
      }
    }
  }

  /** Prints a line of results. */
  void print(String line) throws IOException {
    out.write((line + System.lineSeparator()).getBytes(charset));
  }

  /** Prints a line of results, as {@link String#format} does without regard to the locale. */
  void print(String format, Object... values) throws IOException {
    print(String.format(Locale.ROOT, format, values));
  }

  /** Prints one JSON document: a record, its components in snake case. */
  void printJson(Object result) throws IOException {
    out.write(JSON.writeValueAsBytes(result));
    out.write('\n');
  }

  /** Takes JSON that is written piece by piece, in UTF-8. */
  OutputStream jsonStream() {
    return out;
  }

  /** Prints why a command has failed. */
  void complain(String command, String sentence) {
    err.println(scheme(errSeen).errorText(command + ":") + " " + sentence);
  }

  /** How help is coloured. */
  ColorScheme outColours() {
    return scheme(outSeen);
  }

  private ColorScheme scheme(boolean seen) {
    return CommandLine.Help.defaultColorScheme(seen && colours ? Ansi.ON : Ansi.OFF);
  }

  /** Shows progress if somebody looks. */
  ConsoleProgress progress() {
    return new ConsoleProgress(err, errSeen);
  }

  /** Shows progress of work that prints while it goes on, unless both would mix on a terminal. */
  ConsoleProgress progressBesideResults() {
    return new ConsoleProgress(err, errSeen && !outSeen);
  }

  /** Makes sure that all results have been written. */
  void flush() throws IOException {
    out.flush();
  }
}
