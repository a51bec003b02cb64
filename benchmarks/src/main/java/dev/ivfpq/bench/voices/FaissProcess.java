// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.voices;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ivfpq.bench.run.FaissInputs;
import dev.ivfpq.bench.run.GroundTruth;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * faiss in a process of its own, one thread, with RVC's index of the voice: it works when it is
 * asked to, a line for a line, and sleeps while others have their turn.
 */
final class FaissProcess implements Closeable {
  private static final String SCRIPT = "/dev/ivfpq/bench/faiss/faiss_voice.py";

  private final String python;
  private final Path folder;
  private final GroundTruth truth;
  private final VoicesPlan plan;
  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter questions;
  private final JsonNode built;

  private FaissProcess(
      String python, Path folder, double target, VoicesPlan plan, GroundTruth truth)
      throws IOException {
    this.python = python;
    this.folder = folder;
    this.plan = plan;
    this.truth = truth;
    this.process = start("serve", truth.base().size(), truth.queries().size(), target);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.questions = process.outputWriter(StandardCharsets.UTF_8);
    try {
      this.built = answer();
    } catch (Throwable t) {
      process.destroyForcibly();
      throw t;
    }
  }

  /**
   * Starts it, which builds the index and looks for the nprobe of a recall.
   *
   * @param folder is made, and takes what it reads and its index
   * @throws IOException if no Python has faiss, or it fails
   */
  static FaissProcess start(Path folder, double target, VoicesPlan plan, GroundTruth truth)
      throws IOException {
    String python = python(plan.pythons());
    Files.createDirectories(folder);
    FaissInputs.write(folder, truth);
    try (InputStream script = FaissProcess.class.getResourceAsStream(SCRIPT)) {
      Files.copy(script, folder.resolve("faiss_voice.py"));
    }
    return new FaissProcess(python, folder, target, plan, truth);
  }

  private static String python(List<String> commands) throws IOException {
    for (String command : commands) {
      try {
        Process process =
            new ProcessBuilder(command, "-c", "import faiss")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (process.waitFor() == 0) {
          return command;
        }
      } catch (IOException e) {
        // No such command: perhaps the next.
        continue;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while looking for faiss", e);
      }
    }
    throw new IOException(
        "none of " + commands + " has faiss; install python3-faiss, or name another with --python");
  }

  private Process start(String task, Object... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(python));
    command.add(folder.resolve("faiss_voice.py").toString());
    command.addAll(List.of(task, folder.toString(), Integer.toString(truth.base().dims())));
    command.addAll(List.of(Integer.toString(plan.k()), Integer.toString(plan.block())));
    command.add(Double.toString(plan.indexRate()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    // The matrix product under faiss has threads of its own.
    builder.environment().put("OMP_NUM_THREADS", "1");
    builder.environment().put("OPENBLAS_NUM_THREADS", "1");
    return builder.start();
  }

  private JsonNode answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("faiss ended without an answer; see its message above");
    }
    return new ObjectMapper().readTree(line);
  }

  /** Its build, its index and the settings found, one of nprobe 1 and one of the target recall. */
  JsonNode built() {
    return built;
  }

  /** Converts blocks and a clip. */
  Contender.Round round(int nprobe, int blocks, int clip) throws IOException {
    questions.write(nprobe + " " + blocks + " " + clip + "\n");
    questions.flush();
    JsonNode times = answer();
    double[] micros = new double[blocks];
    for (int i = 0; i < blocks; i++) {
      micros[i] = times.get("block_us").get(i).asDouble();
    }
    return new Contender.Round(micros, times.get("clip_us").asDouble());
  }

  /**
   * Resident memory of a fresh process that reads the index as RVC does, in MB; null where the
   * system does not tell.
   */
  Double residentMb(int nprobe, int queries) throws IOException {
    Process fresh = start("memory", nprobe, queries);
    String line = new String(fresh.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (line.isBlank()) {
      throw new IOException("faiss told nothing of its memory; see its message above");
    }
    JsonNode bytes = new ObjectMapper().readTree(line).get("resident_bytes");
    return bytes.isNull() ? null : bytes.asLong() / 1e6;
  }

  @Override
  public void close() throws IOException {
    questions.close();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
