package io.orchestrator.rehearsal;

import io.orchestrator.execution.Event;
import io.orchestrator.execution.Failure;
import io.orchestrator.flow.FlowTest;
import java.time.Instant;

/** Tells waiting steps what a test says. */
final class Waits {
  private Waits() {}

  static void answer(Agenda agenda, String path, FlowTest.Answer answer, Instant now) {
    Failure failure = answer.fault() == null ? null : Faults.failure(answer.fault(), "");
    if (answer.form() != FlowTest.Form.UNANSWERED) {
      agenda.add(
          now.plus(answer.after()),
          at -> new Event.CallbackReceived(path, answer.value(), failure, at));
    }
  }
}
