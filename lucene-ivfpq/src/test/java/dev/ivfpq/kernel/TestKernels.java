// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.kernel;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.lucene.tests.util.LuceneTestCase;

public class TestKernels extends LuceneTestCase {

  public void testScalarIsAvailableAndFirst() {
    assertEquals("scalar", Kernels.available().get(0));
    for (String name : Kernels.available()) {
      assertEquals(name, Kernels.fastScan(name).name());
    }
  }

  public void testUnknownNameListsWhatExists() {
    var e = expectThrows(IllegalArgumentException.class, () -> Kernels.fastScan("1024"));
    String expected =
        "dev.ivfpq.kernel=1024 does not exist here, choose from " + Kernels.available();
    assertTrue(e.getMessage(), e.getMessage().startsWith(expected));
  }

  public void testVectorKernelsAreThereWithTheModule() {
    boolean module = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    assertEquals(
        Kernels.available().toString(),
        module && Runtime.version().feature() >= 24,
        Kernels.available().contains("128"));
  }

  /** A lane that sets {@code dev.ivfpq.expectKernel} fails if any other kernel is in use. */
  public void testExpectedKernelIsChosen() throws InterruptedException {
    String chosen = Kernels.awaitFastScan().name();
    assertEquals(System.getProperty("dev.ivfpq.expectKernel", chosen), chosen);
    assertTrue(chosen, Kernels.available().contains(chosen));
    assertEquals(chosen, Kernels.fastScan().name());
  }

  public void testForcedKernelIsUsed() throws Exception {
    for (String name : Kernels.available()) {
      List<String> output = run("-Ddev.ivfpq.kernel=" + name);
      assertTrue(output.toString(), output.contains("fastScan " + name));
      String matrix = name.equals("scalar") ? "ScalarMatrix" : "PanamaMatrix";
      assertTrue(output.toString(), output.contains("matrix " + matrix));
    }
  }

  public void testBogusPropertyFailsAtUseAndNotBefore() throws Exception {
    List<String> output = run("-Ddev.ivfpq.kernel=mmx");
    String message = "dev.ivfpq.kernel=mmx does not exist here, choose from ";
    assertTrue(output.toString(), output.contains("loaded"));
    assertTrue(
        output.toString(), output.contains("fastScan " + message + Kernels.available() + reason()));
    assertTrue(
        output.toString(), output.contains("matrix " + message + Kernels.available() + reason()));
  }

  public void testWithoutTheModuleScalarSaysWhy() throws Exception {
    List<String> output = runPlain("-Ddev.ivfpq.kernel=128");
    String reason =
        Runtime.version().feature() < 24
            ? "SIMD kernels need Java 24 or newer, this is Java " + Runtime.version().feature()
            : "SIMD kernels need --add-modules jdk.incubator.vector";
    String message = "dev.ivfpq.kernel=128 does not exist here, choose from [scalar] (";
    assertTrue(output.toString(), output.contains("fastScan " + message + reason + ")"));
  }

  /** What {@link Kernels} adds to its message here. */
  private static String reason() {
    String message =
        expectThrows(IllegalArgumentException.class, () -> Kernels.fastScan("x")).getMessage();
    return message.substring(message.indexOf(']') + 1);
  }

  /**
   * Runs {@link Main} in a JVM of its own, with the vector module if this one has it, and with this
   * one's {@code -XX} options, since they decide which kernels there are.
   */
  private static List<String> run(String option) throws Exception {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
        ? start(List.of(option, "--add-modules", "jdk.incubator.vector"))
        : runPlain(option);
  }

  private static List<String> runPlain(String option) throws Exception {
    return start(List.of(option));
  }

  private static List<String> start(List<String> options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (argument.startsWith("-XX:")) {
        command.add(argument);
      }
    }
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    byte[] output = process.getInputStream().readAllBytes();
    assertTrue("still running: " + command, process.waitFor(60, TimeUnit.SECONDS));
    String text = new String(output, StandardCharsets.UTF_8);
    assertEquals(text, 0, process.exitValue());
    return text.lines().toList();
  }

  /** Uses the kernels as an application would, and prints what comes of it. */
  public static final class Main {
    private interface Use {
      String get() throws IOException;
    }

    public static void main(String[] args) throws Exception {
      Class.forName(Kernels.class.getName());
      System.out.println("loaded");
      System.out.println("fastScan " + outcome(() -> Kernels.fastScan().name()));
      System.out.println("matrix " + outcome(() -> Kernels.matrix().getClass().getSimpleName()));
    }

    private static String outcome(Use use) throws IOException {
      try {
        return use.get();
      } catch (IllegalArgumentException e) {
        return e.getMessage();
      }
    }
  }
}
