// SPDX-License-Identifier: Apache-2.0
package dev.ivfpq.rvc.cli;

import dev.ivfpq.rvc.Progress;
import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar a step, each wiped when its step is done. Closing it wipes the last. */
final class ConsoleProgress implements Progress, AutoCloseable {
  /** Given, so that the library does not ask the terminal by native code. */
  private static final int WIDTH = 79;

  private static final int UPDATE_MILLIS = 200;

  private final PrintStream err;
  private final boolean shown;
  private ProgressBar bar;

  ConsoleProgress(PrintStream err, boolean shown) {
    this.err = err;
    this.shown = shown;
  }

  @Override
  public void begin(String step, long total) {
    close();
    if (shown) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(step)
              .setInitialMax(total)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(UPDATE_MILLIS)
              .setConsumer(new ConsoleProgressBarConsumer(err, WIDTH))
              .clearDisplayOnFinish()
              .build();
    }
  }

  @Override
  public void advance(long by) {
    if (bar != null) {
      bar.stepBy(by);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
