package io.orchestrator.local;

import java.io.IOException;
import java.util.logging.ConsoleHandler;
import java.util.logging.FileHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Where {@code up} logs: into files of the data folder, so that the terminal stays readable. */
final class Logs {
  private static final String LINE = "%1$tF %1$tT.%1$tL %4$s %3$s %5$s%6$s%n";
  private static final int BYTES_MAX = 20 * 1024 * 1024;

  private Logs() {}

  /** To be called before anything logs. */
  static void into(Home home) {
    System.setProperty("orchestrator.logs", home.logs().toString());
    System.setProperty("log4j2.configurationFile", "classpath:log4j2-local.xml");
    System.setProperty("java.util.logging.SimpleFormatter.format", LINE);
    Logger root = Logger.getLogger("");
    try {
      FileHandler file =
          new FileHandler(home.logs().resolve("stack.log").toString(), BYTES_MAX, 1, true);
      file.setFormatter(new SimpleFormatter());
      root.addHandler(file);
      for (Handler handler : root.getHandlers()) {
        if (handler instanceof ConsoleHandler) {
          handler.setLevel(Level.SEVERE);
        }
      }
    } catch (IOException e) {
      throw new StackException("Cannot write to " + home.logs() + ": " + e.getMessage(), e);
    }
  }
}
