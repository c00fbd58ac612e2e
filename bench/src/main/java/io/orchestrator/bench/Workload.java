package io.orchestrator.bench;

/** What is run; each step's body only notes the time. */
enum Workload {
  /** Three steps in sequence. */
  W1(3, 6000),
  /** Ten steps in parallel, then a join. */
  W2(10, 1000),
  /** Fifty steps in sequence. */
  W3(50, 400),
  /** A step, a wait for an answer from outside, a step. */
  W4(2, 2000),
  /** One step that fails twice and succeeds at the third attempt. */
  W5(1, 4000);

  final int steps;
  final int executions;

  Workload(int steps, int executions) {
    this.steps = steps;
    this.executions = executions;
  }

  /**
   * The flow, with steps that call the adapter {@code probe}.
   *
   * @param awaits the step of W4 that waits
   */
  String flow(String awaits) {
    StringBuilder yaml = new StringBuilder("flow: bench\nsteps:\n");
    switch (this) {
      case W1, W3 -> {
        for (int k = 0; k < steps; k++) {
          yaml.append(step("  ", "step" + k, k, ""));
        }
      }
      case W2 -> {
        yaml.append("  - parallel:\n");
        for (int k = 0; k < steps; k++) {
          yaml.append(step("      ", "branch" + k, k, ""));
        }
      }
      case W4 -> {
        yaml.append(step("  ", "before", 0, ""));
        yaml.append("  - go: ").append(awaits).append('\n');
        yaml.append(step("  ", "after", 1, ""));
      }
      case W5 ->
          yaml.append(
              step(
                  "  ",
                  "flaky",
                  0,
                  ", action: flaky, retry: {attempts: 3, backoff: constant, delay: 1ms, jitter:"
                      + " none}"));
    }
    return yaml.toString();
  }

  private static String step(String indent, String id, int k, String more) {
    return indent
        + "- "
        + id
        + ": {adapter: probe, params: {id: $input.id, k: "
        + k
        + "}"
        + more
        + "}\n";
  }
}
