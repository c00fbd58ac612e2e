package io.orchestrator.bench;

import java.sql.Connection;
import java.sql.DriverManager;

/**
 * Runs one workload against one subject: {@code engine}, the embedded engine, or {@code stack}, the
 * whole local stack. {@code api} asks the API of a stack that has a lot instead.
 */
public final class Main {
  private Main() {}

  public static void main(String[] args) throws Exception {
    String mode = args.length == 1 ? args[0] : "";
    if (mode.equals("api")) {
      new ApiFigures().run();
      System.exit(0); // as below
    }
    if (!mode.equals("engine") && !mode.equals("stack")) {
      System.err.println(
          "usage: bench engine|stack|api, with WORKLOAD=W1..W5 and the other knobs in the"
              + " environment (see bench/README.md)");
      System.exit(2);
    }
    Probe probe = new Probe();
    try (Postgres postgres = Postgres.open();
        Connection admin = DriverManager.getConnection(postgres.adminUrl(), postgres.user(), "")) {
      Settings settings = Settings.of(mode, postgres);
      try (Subject subject =
          mode.equals("engine")
              ? new EngineSubject(settings, probe)
              : StackSubject.open(settings, probe)) {
        new Run(settings, subject, probe, admin).all();
      }
    }
    System.exit(0); // a part that has left a thread behind must not keep the process
  }
}
