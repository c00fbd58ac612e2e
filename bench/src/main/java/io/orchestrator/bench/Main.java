package io.orchestrator.bench;

import java.sql.Connection;
import java.sql.DriverManager;

/** Runs one workload against one subject: {@code engine}, the embedded engine. */
public final class Main {
  private Main() {}

  public static void main(String[] args) throws Exception {
    String mode = args.length == 1 ? args[0] : "";
    if (!mode.equals("engine")) {
      System.err.println("usage: bench engine, with WORKLOAD=W1..W5 and the other knobs in the environment (see bench/README.md)");
      System.exit(2);
    }
    Settings settings = Settings.of(mode);
    Probe probe = new Probe();
    try (Connection admin = DriverManager.getConnection(settings.url("postgres"), settings.user(), "");
        Subject subject = new EngineSubject(settings, probe)) {
      new Run(settings, subject, probe, admin).all();
    }
  }
}
