package io.orchestrator.local;

import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What {@code up} shows: one line for each part that has started; the same plain lines on and off a
 * terminal.
 */
public final class Console {
  private final PrintStream out;

  public Console(PrintStream out) {
    this.out = out;
  }

  /** A console that shows nothing, for tests. */
  public static Console silent() {
    return new Console(
        new PrintStream(
            PrintStream.nullOutputStream(), false, java.nio.charset.StandardCharsets.UTF_8));
  }

  public synchronized void line(String text) {
    out.println(text);
    out.flush();
  }

  /** Says that a part is there and how long it took since {@code startedNanos}. */
  public void done(String what, long startedNanos) {
    line("  %-12s %s".formatted(seconds(Duration.ofNanos(System.nanoTime() - startedNanos)), what));
  }

  private static String seconds(Duration time) {
    return "%.1f s".formatted(time.toMillis() / (double) TimeUnit.SECONDS.toMillis(1));
  }
}
