// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.opensearch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code ivfpq}, as a process, with a store on a cluster beside one in a folder. */
final class ClusterCommandTest {
  private static final Path EXAMPLES = Path.of(System.getProperty("tests.root"), "examples");
  private static final String QUERY =
      EXAMPLES.resolve(Path.of("held-out", "slt", "000.npy")).toString();
  private static final long LIMIT_SECONDS = 60;

  @TempDir static Path folder;
  private static Cluster cluster;

  /** What a command left. */
  private record Outcome(int code, String out, String err) {}

  @BeforeAll
  static void start() throws Exception {
    cluster = Cluster.start(folder, 1);
  }

  @AfterAll
  static void stop() throws IOException {
    cluster.close();
  }

  private static String address(String login) {
    return "opensearch://" + login + "127.0.0.1:" + cluster.node(0).port() + "/voices";
  }

  private static Outcome run(String command, String store, String... words)
      throws IOException, InterruptedException {
    List<String> line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "--add-modules=jdk.incubator.vector",
                "-jar",
                System.getProperty("tests.cli.jar"),
                command,
                "--store",
                store));
    line.addAll(List.of(words));
    Path out = Files.createTempFile(folder, "out", "");
    Path err = Files.createTempFile(folder, "err", "");
    Process process =
        new ProcessBuilder(line).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    return new Outcome(process.waitFor(), Files.readString(out), Files.readString(err));
  }

  @Test
  void commandsAnswerAsInAFolder() throws Exception {
    String local = folder.resolve("local").toString();
    String voice = EXAMPLES.resolve(Path.of("voices", "rms")).toString();
    assertEquals(
        run("add", local, "--speaker", "rms", voice),
        run("add", address(""), "--speaker", "rms", voice));
    String[] search = {"--speaker", "rms", "--nprobe", "100000", "--k-factor", "1e6", "--json"};
    List<String> words = new ArrayList<>(List.of(search));
    words.add(QUERY);
    Outcome found = run("search", address("anna:secret@"), words.toArray(String[]::new));
    assertEquals(run("search", local, words.toArray(String[]::new)), found);
    assertEquals(0, found.code());
    Outcome gone = run("remove", address(""), "rms");
    assertEquals("removed \"rms\"\n", gone.out(), gone::toString);
  }

  @Test
  void commandsThatNeedAFolderSaySo() throws Exception {
    Outcome muted = run("mute", address("anna:secret@"), "--speaker", "rms", "0");
    assertEquals(2, muted.code());
    assertEquals(
        "ivfpq: mute: mute works on a store in a folder only, not on a cluster; name a folder with"
            + " --store; see ivfpq mute --help\n",
        lastLine(muted));
    Outcome refused = run("info", "opensearch://anna:secret@/voices");
    assertEquals(2, refused.code());
    assertEquals(
        "ivfpq: info: a cluster's address is opensearch://[USER:PASSWORD@]HOST[:PORT]/INDEX, or"
            + " opensearchs:// for TLS; this one has no proper HOST:PORT; see ivfpq info --help\n",
        lastLine(refused));
  }

  /** Without the JVM's line about its incubating module. */
  private static String lastLine(Outcome outcome) {
    return outcome.err().lines().toList().getLast() + "\n";
  }
}
