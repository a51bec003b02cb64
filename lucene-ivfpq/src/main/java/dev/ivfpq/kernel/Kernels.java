// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.kernel;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.util.Constants;

/**
 * The kernels this JVM has, and the one it uses.
 *
 * <p>The first scan starts timing them in the background, see {@link TimedChoice}; the outcome is
 * logged and holds for the life of the JVM. {@code -Ddev.ivfpq.kernel=scalar|128|256|512} names one
 * instead, at once. Nothing happens at class load, so that a bad property or a missing module
 * cannot fail whoever merely has this jar on the class path.
 *
 * <p>Panama kernels need Java 24 (before it, unmasked {@code selectFrom} throws), HotSpot with its
 * C2 compiler, and {@code --add-modules jdk.incubator.vector}.
 */
public final class Kernels {

  private static final String PROPERTY = "dev.ivfpq.kernel";
  private static final String PANAMA = "dev.ivfpq.kernel.panama.PanamaKernels";
  private static final String VECTOR_MODULE = "jdk.incubator.vector";

  private static volatile Loaded loaded;
  private static volatile FastScanKernel chosen;

  private Kernels() {}

  /**
   * The kernel this JVM uses.
   *
   * @throws IllegalArgumentException if the property names a kernel that does not exist here
   */
  public static FastScanKernel fastScan() {
    FastScanKernel kernel = chosen;
    if (kernel == null) {
      synchronized (Kernels.class) {
        kernel = chosen;
        if (kernel == null) {
          kernel = choose();
          chosen = kernel;
        }
      }
    }
    return kernel;
  }

  /**
   * The kernel this JVM uses, once the choice by timing is made, which takes seconds: for
   * benchmarks and for tests that name the kernel they expect.
   */
  public static FastScanKernel awaitFastScan() throws InterruptedException {
    return fastScan() instanceof TimedChoice choice ? choice.await() : fastScan();
  }

  /**
   * The kernel of this name.
   *
   * @throws IllegalArgumentException if it does not exist here; lists those that do
   */
  public static FastScanKernel fastScan(String name) {
    for (FastScanKernel kernel : load().fastScan) {
      if (kernel.name().equals(name)) {
        return kernel;
      }
    }
    String message = PROPERTY + "=" + name + " does not exist here, choose from " + available();
    String reason = load().whyNoPanama;
    throw new IllegalArgumentException(reason == null ? message : message + " (" + reason + ")");
  }

  /**
   * Matrix arithmetic to go with {@link #fastScan()}: scalar where the property says so or there is
   * nothing else.
   *
   * @throws IllegalArgumentException if the property names a kernel that does not exist here
   */
  public static MatrixKernel matrix() {
    String forced = System.getProperty(PROPERTY);
    if (forced != null && fastScan(forced) instanceof ScalarKernel) {
      return new ScalarMatrix();
    }
    return load().matrix;
  }

  /** Names of the kernels that exist here, {@code scalar} first, then by width. */
  public static List<String> available() {
    return load().fastScan.stream().map(FastScanKernel::name).toList();
  }

  private static FastScanKernel choose() {
    String forced = System.getProperty(PROPERTY);
    if (forced != null) {
      FastScanKernel kernel = fastScan(forced);
      log(Level.INFO, "kernel " + forced + ", set by -D" + PROPERTY);
      return kernel;
    }
    List<FastScanKernel> kernels = load().fastScan;
    if (kernels.size() == 1) {
      log(Level.WARNING, "kernel scalar: " + load().whyNoPanama);
      return kernels.get(0);
    }
    return new TimedChoice(worthTiming(kernels), message -> log(Level.INFO, message));
  }

  /**
   * Without the narrowest where there are wider ones: it needs more instructions for the same work,
   * so that it is at best as fast, and compiling it takes the most memory of all that is compiled
   * here, 25 MB, which the process keeps.
   *
   * @param kernels scalar first, then by width
   */
  private static List<FastScanKernel> worthTiming(List<FastScanKernel> kernels) {
    List<FastScanKernel> worth = new ArrayList<>(kernels);
    if (worth.size() > 2) {
      worth.remove(1);
    }
    return worth;
  }

  /** Reaches java.util.logging wherever that module is present. */
  private static void log(Level level, String message) {
    System.getLogger(Kernels.class.getName()).log(level, message);
  }

  private static Loaded load() {
    Loaded kernels = loaded;
    if (kernels == null) {
      synchronized (Kernels.class) {
        kernels = loaded;
        if (kernels == null) {
          kernels = Loaded.create();
          loaded = kernels;
        }
      }
    }
    return kernels;
  }

  /**
   * What exists.
   *
   * @param fastScan scalar first
   * @param whyNoPanama null where Panama is used
   */
  private record Loaded(List<FastScanKernel> fastScan, MatrixKernel matrix, String whyNoPanama) {

    static Loaded create() {
      String obstacle = obstacle();
      if (obstacle != null) {
        return scalar(obstacle);
      }
      try {
        var provider =
            (KernelProvider) Class.forName(PANAMA).getDeclaredConstructor().newInstance();
        List<FastScanKernel> kernels = new ArrayList<>(List.of(new ScalarKernel()));
        kernels.addAll(provider.fastScan());
        return new Loaded(List.copyOf(kernels), provider.matrix(), null);
      } catch (ReflectiveOperationException | LinkageError e) {
        return scalar(PANAMA + " cannot be loaded: " + e);
      }
    }

    private static Loaded scalar(String why) {
      return new Loaded(List.of(new ScalarKernel()), new ScalarMatrix(), why);
    }

    /** Why Panama kernels are out of the question, or null. Lucene asks the same for its own. */
    private static String obstacle() {
      int feature = Runtime.version().feature();
      if (feature < 24) {
        return "SIMD kernels need Java 24 or newer, this is Java " + feature;
      }
      if (!Constants.IS_HOTSPOT_VM || Constants.IS_JVMCI_VM || Constants.IS_CLIENT_VM) {
        return "SIMD kernels need the HotSpot VM with its C2 compiler";
      }
      var module = ModuleLayer.boot().findModule(VECTOR_MODULE);
      if (module.isEmpty()) {
        return "SIMD kernels need --add-modules " + VECTOR_MODULE;
      }
      Kernels.class.getModule().addReads(module.get());
      return null;
    }
  }
}
