package io.orchestrator.engine;

import io.orchestrator.execution.Failure;
import io.orchestrator.flow.FlowTest;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Step;

/**
 * The errors that callbacks report. As in an adapter's definition, a type without a dot that is none
 * of the language's own gets the adapter's name before it, so that a handler can name it.
 */
final class Reported {
  private Reported() {}

  static Failure named(
      Failure failure, Plan plan, String path, String tenant, Engine.SlowCalls adapters) {
    Step step = plan.at(path);
    if (failure.type().indexOf('.') >= 0
        || FlowTest.isErrorType(failure.type())
        || step == null
        || !(step.kind() instanceof Kind.Call call)) {
      return failure;
    }
    return new Failure(
        adapters.errorsOf(tenant, call.adapter()) + "." + failure.type(),
        failure.message(),
        failure.status(),
        failure.retryable(),
        call.adapter(),
        failure.data(),
        failure.retryAfter());
  }
}
