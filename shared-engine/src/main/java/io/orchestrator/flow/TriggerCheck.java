package io.orchestrator.flow;

/** Finds triggers by the end of a flow that can never start anything, or would never end. */
final class TriggerCheck {
  private final Names names;
  private final Problems problems;

  TriggerCheck(Names names, Problems problems) {
    this.names = names;
    this.problems = problems;
  }

  void check(Flow flow) {
    for (Trigger trigger : flow.triggers()) {
      if (trigger instanceof Trigger.Completion completion && completion.flow() != null) {
        check(flow.name(), completion);
      }
    }
  }

  private void check(String flow, Trigger.Completion trigger) {
    if (trigger.flow().equals(flow)) {
      problems.error(
          Code.RECURSION,
          trigger.spot(),
          "each end of the flow '" + flow + "' would start it again",
          "repeat or a schedule do a thing again");
    } else if (names.flow(trigger.flow(), "") instanceof Names.Meaning.Missing missing) {
      // It may be published later, and listens from then on.
      problems.warning(Code.UNKNOWN_FLOW, trigger.spot(), missing.message(), missing.hint());
    }
  }
}
