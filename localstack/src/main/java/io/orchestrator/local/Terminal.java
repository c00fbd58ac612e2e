package io.orchestrator.local;

import java.io.Console;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Where the command line prints: a terminal that can redraw lines, or anything else, which gets
 * plain ones.
 */
final class Terminal {
  private static final int HEIGHT = 24;

  private Terminal() {}

  /** Standard output in UTF-8. */
  static PrintStream out() {
    return new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
  }

  /** Whether somebody looks at the output and it can be redrawn. */
  @SuppressWarnings(
      "SystemConsoleNull") // it may be null, and where it is not it says whether it is a terminal
  static boolean redraws() {
    Console console = System.console();
    String kind = System.getenv("TERM");
    boolean terminal = console != null && console.isTerminal();
    return terminal && kind != null && !kind.equals("dumb");
  }

  /** How many lines the terminal shows; the usual number if it does not say. */
  static int height() {
    try {
      Process size =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String said =
          new String(size.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
      boolean ended = size.waitFor(1, TimeUnit.SECONDS);
      int lines =
          ended && said.matches("\\d{1,4} \\d{1,4}")
              ? Integer.parseInt(said.substring(0, said.indexOf(' ')))
              : 0;
      return lines > 2 ? lines : HEIGHT;
    } catch (IOException e) {
      return HEIGHT;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return HEIGHT;
    }
  }
}
