// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.bench.merge;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.GcInfo;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;

/**
 * Measures what all threads of this JVM do for a while: wall and CPU time, collector and compiler
 * included, and how full the heap gets.
 */
public final class Meter implements AutoCloseable {
  private static final double MB = 1 << 20;

  private final OperatingSystemMXBean process =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private final Set<String> poolNames =
      ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getType() == MemoryType.HEAP)
          .map(MemoryPoolMXBean::getName)
          .collect(Collectors.toSet());
  private final AtomicLong mostBeforeCollection = new AtomicLong();
  private final AtomicLong mostAfterCollection = new AtomicLong();
  private final NotificationListener listener = this::collected;
  private final double heapBefore;
  private final long cpu;
  private final long start;

  /** Starts, after a collection that leaves only what is in use. */
  public Meter() {
    System.gc();
    heapBefore = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MB;
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      ((NotificationEmitter) collector).addNotificationListener(listener, null, null);
    }
    cpu = process.getProcessCpuTime();
    start = System.nanoTime();
  }

  private void collected(Notification notification, Object unused) {
    if (!notification
        .getType()
        .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
      return;
    }
    GcInfo collection =
        GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData())
            .getGcInfo();
    mostBeforeCollection.accumulateAndGet(heap(collection.getMemoryUsageBeforeGc()), Math::max);
    mostAfterCollection.accumulateAndGet(heap(collection.getMemoryUsageAfterGc()), Math::max);
  }

  private long heap(Map<String, MemoryUsage> usage) {
    return usage.entrySet().stream()
        .filter(pool -> poolNames.contains(pool.getKey()))
        .mapToLong(pool -> pool.getValue().getUsed())
        .sum();
  }

  /** What was used since the start. May be asked more than once. */
  public Cost read() {
    double wall = (System.nanoTime() - start) / 1e9;
    double seconds = (process.getProcessCpuTime() - cpu) / 1e9;
    // Between collections the heap only fills up.
    long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    long peak = Math.max(used, mostBeforeCollection.get());
    return new Cost(
        wall,
        seconds,
        heapBefore,
        peak / MB,
        mostAfterCollection.get() == 0 ? null : mostAfterCollection.get() / MB);
  }

  /** Stops listening. */
  @Override
  public void close() {
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      try {
        ((NotificationEmitter) collector).removeNotificationListener(listener);
      } catch (ListenerNotFoundException e) {
        throw new AssertionError("added in the constructor", e);
      }
    }
  }

  /**
   * What was used.
   *
   * @param wall seconds
   * @param cpu seconds of all threads
   * @param heapBefore MB in use at the start
   * @param peakHeap MB: the most in use at any time, garbage included
   * @param heapAfterCollection MB: the most that a collection left; null if there was none
   */
  public record Cost(
      double wall, double cpu, double heapBefore, double peakHeap, Double heapAfterCollection) {}
}
