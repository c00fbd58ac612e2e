package io.orchestrator.rehearsal;

import io.orchestrator.execution.Failure;
import io.orchestrator.flow.FlowTest;
import java.util.Set;

/** Makes failures of what a test writes, as the engine would make them of what a service says. */
final class Faults {
  private static final Set<String> RETRYABLE =
      Set.of("timeout", "rate_limited", "adapter_unavailable", "circuit_open", "internal");
  private static final int SERVER_ERROR = 500;

  private Faults() {}

  /**
   * The failure.
   *
   * @param adapter that fails; empty for none
   */
  static Failure failure(FlowTest.Fault fault, String adapter) {
    String type = fault.type();
    boolean own = !adapter.isEmpty() && type.indexOf('.') < 0 && !FlowTest.isErrorType(type);
    boolean usual = RETRYABLE.contains(type) || fault.status() >= SERVER_ERROR;
    return new Failure(
        own ? adapter + "." + type : type,
        fault.message().isEmpty() ? "the test says so" : fault.message(),
        fault.status(),
        fault.retryable() == null ? usual : fault.retryable(),
        adapter,
        fault.data(),
        fault.retryAfter());
  }
}
