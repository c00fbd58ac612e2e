package io.orchestrator.reference;

/** What comes of a step. */
sealed interface Result {
  /** It ended well. */
  record Done(Object output) implements Result {}

  /**
   * It failed.
   *
   * @param unanswered whether nobody said anything to a wait
   */
  record Failed(Fault fault, boolean handled, boolean unanswered) implements Result {}

  /** The flow has returned. */
  record Ended(Object output) implements Result {}

  /**
   * The flow is to fail, whatever contains the step.
   *
   * @param caught whether the handlers of the flow still hear of it
   */
  record Stopped(Fault fault, boolean handled, boolean caught) implements Result {}

  static Failed failed(Fault fault) {
    return new Failed(fault, false, false);
  }

  static Failed broken(RuntimeException e) {
    return failed(Fault.fatal("expression", e.getMessage()));
  }

  /** Whether it is about the flow and not only about the step. */
  default boolean isOfFlow() {
    return switch (this) {
      case Ended ignored -> true;
      case Stopped ignored -> true;
      case Done ignored -> false;
      case Failed ignored -> false;
    };
  }
}
