// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ivfpq.rvc.Frames;
import dev.ivfpq.rvc.npy.NpyBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The documents' commands are parsed, and the guide's Java is compiled and run. */
class GuideTest {
  private static final Path GUIDE = Path.of("../docs/guide.md");

  @TempDir Path temp;

  @Test
  void testTheJavaSideRuns() throws Exception {
    Matcher java =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(GUIDE));
    assertTrue(java.find(), "no Java in " + GUIDE);
    Path source = Files.writeString(temp.resolve("Guide.java"), java.group(1));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    ByteArrayOutputStream complaints = new ByteArrayOutputStream();
    int code =
        compiler.run(
            null,
            complaints,
            complaints,
            "-cp",
            System.getProperty("java.class.path"),
            "-d",
            temp.toString(),
            source.toString());
    assertEquals(0, code, complaints.toString(StandardCharsets.UTF_8));
    Path clips = Files.createDirectories(temp.resolve("clips"));
    NpyBytes.write(clips.resolve("c0.npy"), Frames.speech(1, 200, 256));
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream out = System.out;
    try (URLClassLoader loader = new URLClassLoader(new URL[] {temp.toUri().toURL()})) {
      System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
      String[] args = {temp.resolve("store").toString(), clips.toString()};
      loader.loadClass("Guide").getMethod("main", String[].class).invoke(null, (Object) args);
    } finally {
      System.setOut(out);
    }
    String printed = said.toString(StandardCharsets.UTF_8);
    assertTrue(printed.matches("c0\\R[0-9.]+ us\\R"), printed);
  }

  @Test
  void testCommandsAreUnderstood() throws IOException {
    int commands = 0;
    for (Path document : List.of(GUIDE, Path.of("../README.md"))) {
      for (String line : Files.readAllLines(document)) {
        Matcher command = Pattern.compile("\\s*(?:\\$ )?bin/ivfpq ([^|#]*).*").matcher(line);
        if (command.matches()) {
          parse(command.group(1).strip().split("\\s+"));
          commands++;
        }
      }
    }
    assertTrue(commands > 15, "only " + commands + " commands");
  }

  private static void parse(String... words) {
    Console console =
        new Console(
            OutputStream.nullOutputStream(),
            StandardCharsets.UTF_8,
            System.err,
            false,
            false,
            Map.of());
    CommandLine command = Ivfpq.commandLine(new Ivfpq(console));
    try {
      command.parseArgs(words);
    } catch (CommandLine.ParameterException e) {
      throw new AssertionError(String.join(" ", words), e);
    }
  }
}
