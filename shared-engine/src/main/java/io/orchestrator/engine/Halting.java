package io.orchestrator.engine;

import io.orchestrator.execution.Change;
import io.orchestrator.execution.Culprit;
import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Failure;
import io.orchestrator.execution.Fingerprint;
import io.orchestrator.execution.Masked;
import io.orchestrator.execution.Status;
import io.orchestrator.execution.StepState;
import io.orchestrator.execution.Transition;
import io.orchestrator.flow.Plan;
import io.orchestrator.store.Commit;
import java.util.List;
import java.util.regex.Pattern;

/** Tells those who look for executions that stand still or did not end well. */
final class Halting {
  private static final int MESSAGE_CHARS_MAX = 1_000;
  private static final Pattern UNSTORABLE = Pattern.compile("[\\x00\\ud800-\\udfff]");

  private Halting() {}

  /**
   * What a commit says of it; null if nothing changes.
   *
   * @param masked null if nothing is masked
   */
  static Commit.Halted of(
      Plan plan, Execution base, List<Transition> lines, Execution next, Masked masked) {
    boolean restored =
        lines.getFirst().change() instanceof Change.Repair.Restored; // perhaps out of quarantine
    boolean was = restored || (base.revision() > 0 && halts(base.status()));
    if (!halts(next.status())) {
      return was ? Commit.Halted.NO_MORE : null;
    }
    return was && !restored && base.status() == next.status() ? null : halted(plan, next, masked);
  }

  private static boolean halts(Status status) {
    return switch (status) {
      case QUEUED, RUNNING, WAITING, COMPENSATING, COMPLETED -> false;
      case PAUSED, QUARANTINED, FAILED, CANCELLED, TIMED_OUT, COMPENSATED, COMPENSATION_FAILED ->
          true;
    };
  }

  private static Commit.Halted halted(Plan plan, Execution next, Masked masked) {
    Failure failure = next.status() == Status.PAUSED ? null : failure(next);
    if (failure == null) {
      return new Commit.Halted(next.status().text(), null, null, null, null);
    }
    StepState culprit = Culprit.of(next.steps(), "", failure);
    String step = culprit == null ? null : culprit.path();
    String said = masked == null ? failure.message() : masked.text(failure.message());
    String message = UNSTORABLE.matcher(said == null ? "" : said).replaceAll("\ufffd");
    String cut =
        message.codePointCount(0, message.length()) > MESSAGE_CHARS_MAX
            ? message.substring(0, message.offsetByCodePoints(0, MESSAGE_CHARS_MAX))
            : message;
    String fingerprint = Fingerprint.of(plan.flow(), step, failure.type(), cut);
    return new Commit.Halted(next.status().text(), fingerprint, step, failure.type(), cut);
  }

  private static Failure failure(Execution next) {
    return next.status() == Status.TIMED_OUT
        ? Failure.fatal("timeout", "the flow took longer than its timeout")
        : next.failure();
  }
}
