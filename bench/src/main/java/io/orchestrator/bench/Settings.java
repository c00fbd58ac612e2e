package io.orchestrator.bench;

/** The knobs of a run, from the environment; the names are those of the peer benchmark. */
record Settings(
    String peer,
    Workload workload,
    int executions,
    int clients,
    double rate,
    int rateSeconds,
    int warmup,
    int warmSeconds,
    int limitSeconds,
    int outputBytes,
    Postgres postgres,
    long serverPid) {

  static Settings of(String mode, Postgres postgres) {
    Workload workload = Workload.valueOf(text("WORKLOAD", "W1"));
    int executions = number("N", workload.executions);
    String peer = text("PEER", mode.equals("engine") ? "orchestrator" : "orchestrator-stack");
    boolean paced = workload == Workload.W1 || workload == Workload.W4;
    return new Settings(
        peer,
        workload,
        executions,
        number("CLIENTS", 16),
        Double.parseDouble(text("RATE", "16.6667")),
        number("RATE_SECONDS", paced ? 60 : 0),
        number("WARMUP", Math.max(100, executions / 4)),
        number("WARM_SECONDS", 20),
        number("PHASE_LIMIT_S", 120),
        number("OUTPUT_BYTES", 0),
        postgres,
        Long.parseLong(text("SERVER_PID", "0")));
  }

  static String text(String name, String otherwise) {
    String value = System.getenv(name);
    return value == null || value.isBlank() ? otherwise : value;
  }

  private static int number(String name, int otherwise) {
    return Integer.parseInt(text(name, "" + otherwise));
  }
}
