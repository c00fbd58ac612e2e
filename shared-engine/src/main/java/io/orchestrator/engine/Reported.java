package io.orchestrator.engine;

import io.orchestrator.execution.Failure;
import io.orchestrator.flow.FlowTest;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Step;

/**
 * The errors that callbacks report. Where the type of adapter has a name for its errors, a type
 * without a dot that is none of the language's own gets it before, so that a handler can name it.
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
    String whose = adapters.errorsOf(tenant, call.adapter());
    if (whose.isEmpty()) {
      return failure;
    }
    return new Failure(
        whose + "." + failure.type(),
        failure.message(),
        failure.status(),
        failure.retryable(),
        call.adapter(),
        failure.data(),
        failure.retryAfter());
  }
}
