package io.orchestrator.execution;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What one line of the history says. Everything a later reader needs stands in it, so that folding
 * the history never decides anything again.
 */
public sealed interface Change {

  /**
   * The execution began.
   *
   * @param trigger null for a direct start
   * @param vars first values of the variables
   * @param timeout of the whole execution; null if it has none
   */
  record Started(
      Object input, Map<String, Object> trigger, Map<String, Object> vars, Duration timeout)
      implements Change {}

  /**
   * A structure was entered.
   *
   * @param branch what it chose, {@code then}, {@code else}, a case; empty if it has no choice
   * @param warning why that may be a mistake; empty if it is not
   * @param items of a foreach; null for everything else
   * @param timeout null if it has none
   */
  record StepStarted(
      String path, int attempt, String branch, String warning, List<Object> items, Duration timeout)
      implements Change {}

  /**
   * A structure is to end, one way or the other, and what has to be done first begins: its {@code
   * finally} and those of the groups inside.
   *
   * @param output of the structure if it ends well
   * @param failure null if it ends well
   * @param handled whether handlers inside dealt with the failure
   */
  record StepClosing(String path, int attempt, Object output, Failure failure, boolean handled)
      implements Change {}

  /** A call that may be made only once is about to be made. */
  record CallBegun(String path, int attempt) implements Change {}

  /**
   * A step is done.
   *
   * @param output what {@code $id} is
   * @param vars variables that it set; null if it set none
   * @param servedBy the adapter that answered instead of its own; empty if none
   */
  record StepCompleted(
      String path, int attempt, Object output, Map<String, Object> vars, String servedBy)
      implements Change {}

  /**
   * An attempt failed and the next one is due after the delay.
   *
   * @param attempt the next one
   * @param byHandler whether a handler's {@code then: retry} asked for it
   * @param unjudged whether its {@code when} could not be judged: the next attempt begins there
   */
  record StepRetrying(
      String path,
      int attempt,
      Failure failure,
      Duration delay,
      boolean byHandler,
      boolean unjudged)
      implements Change {

    /** One of a step that had begun. */
    StepRetrying(String path, int attempt, Failure failure, Duration delay, boolean byHandler) {
      this(path, attempt, failure, delay, byHandler, false);
    }
  }

  /**
   * The last attempt failed.
   *
   * @param clause the error handler that takes over, -1 if none does
   * @param handled whether handlers further inside have dealt with it
   * @param unjudged whether its {@code when} could not be judged, so that it has not begun
   */
  record StepFailed(
      String path, int attempt, Failure failure, int clause, boolean handled, boolean unjudged)
      implements Change {

    /** One of a step that had begun. */
    StepFailed(String path, int attempt, Failure failure, int clause, boolean handled) {
      this(path, attempt, failure, clause, handled, false);
    }
  }

  /** The handlers of a failed step ended with {@code then: continue}: it counts as done. */
  record StepRecovered(String path, Object output) implements Change {}

  /**
   * A step was passed over.
   *
   * @param warning why that may be a mistake; empty if it is not
   */
  record StepSkipped(String path, String warning) implements Change {}

  /**
   * A step waits.
   *
   * @param delay until its timer or its timeout
   * @param call what the call answered that announced a callback; null if there was none
   * @param servedBy the adapter that accepted that call instead of its own; empty if none
   */
  record StepWaiting(String path, int attempt, Duration delay, Object call, String servedBy)
      implements Change {

    /** One of which nobody but the step's own adapter knows. */
    StepWaiting(String path, int attempt, Duration delay, Object call) {
      this(path, attempt, delay, call, "");
    }
  }

  /**
   * A failure reached the flow itself and its handlers take over.
   *
   * @param step of the flow that failed; empty if none did
   * @param clause which of them
   */
  record HandlersStarted(Failure failure, String step, int clause, boolean handled)
      implements Change {}

  /** The end, well. */
  record Completed(Object output) implements Change {}

  /**
   * The end, badly.
   *
   * @param handled whether error handlers have run to their end
   */
  record Failed(Failure failure, boolean handled) implements Change {}

  /** The end, because somebody wanted it. */
  record Cancelled(String reason) implements Change {
    public Cancelled {
      reason = reason == null ? "" : reason;
    }
  }

  /** The end, because the flow's own timeout ran out. */
  record TimedOut() implements Change {}

  /** The course of the execution as a whole: how it is steered and how it ends. */
  sealed interface Course extends Change {
    /**
     * It is to end, and the {@code finally} of the groups that are open begin; what follows on
     * cancelling, undoing and the flow's own handlers and {@code finally} comes after them.
     *
     * @param outcome what it is to be after them
     * @param step at which it failed; empty if it has not, or without a step
     * @param compensates whether a cancel undoes what it did
     */
    record EndStarted(
        Status outcome,
        Object output,
        Failure failure,
        boolean handled,
        String step,
        String reason,
        boolean compensates)
        implements Course {

      static EndStarted completed(Object output) {
        return new EndStarted(Status.COMPLETED, output, null, false, "", null, false);
      }

      static EndStarted failed(Failure failure, boolean handled, String step) {
        return new EndStarted(Status.FAILED, null, failure, handled, step, null, false);
      }

      static EndStarted cancelled(String reason, boolean compensates) {
        return new EndStarted(Status.CANCELLED, null, null, false, "", reason, compensates);
      }

      static EndStarted timedOut() {
        return new EndStarted(Status.TIMED_OUT, null, null, false, "", null, false);
      }
    }

    /**
     * It is to be cancelled and the steps of {@code on_cancel} begin.
     *
     * @param compensates whether what it did is undone after them
     */
    record CancelStarted(String reason, boolean compensates) implements Course {
      public CancelStarted {
        reason = reason == null ? "" : reason;
      }
    }

    /**
     * What it did is undone.
     *
     * @param failure null if it did not fail
     * @param reason of the cancel; null if it was not cancelled
     */
    record CompensationStarted(Failure failure, boolean handled, String reason) implements Course {}

    /**
     * A step was undone.
     *
     * @param failure why it could not be; null if it was
     */
    record StepCompensated(String path, Failure failure) implements Course {}

    /**
     * The steps of {@code finally} begin.
     *
     * @param outcome what the execution will be after them
     */
    record FinallyStarted(
        Status outcome, Object output, Failure failure, boolean handled, String reason)
        implements Course {}

    /** The end: everything was undone. */
    record Compensated() implements Course {}

    /** The end: something could not be undone. */
    record CompensationFailed() implements Course {}

    /** No call begins until it is resumed. */
    record Paused(String reason) implements Course {
      public Paused {
        reason = reason == null ? "" : reason;
      }
    }

    /** A step has ended while it is paused: what follows it waits until it is resumed. */
    record Halted(String path) implements Course {}

    /** It goes on, or may use up more. */
    record Resumed(Raise raise) implements Course {}

    /** It waits for its turn. */
    record Held() implements Course {}

    /**
     * It is its turn.
     *
     * @param timeout of the whole execution, which counts from now; null if it has none
     */
    record Admitted(Duration timeout) implements Course {}
  }

  /** What an operator has done to the course of things. */
  sealed interface Repair extends Change {
    /**
     * A state that it had before is restored, and it goes on from there. The history only grows:
     * what came after that state stays written and counts no more.
     *
     * @param past the execution at that revision; null as long as only the line is known, which
     *     does not hold it
     * @param revision that is restored
     * @param retried whether finished steps were kept, not only those of that state
     * @param again active steps that begin anew
     * @param vars first values of the variables, worked out anew; null if they stay
     */
    record Restored(
        Execution past,
        int revision,
        boolean retried,
        Edits edits,
        List<String> again,
        Map<String, Object> vars,
        Tally tally)
        implements Repair {

      Restored with(Execution state) {
        return new Restored(state, revision, retried, edits, again, vars, tally);
      }
    }

    /**
     * A step that had finished after the restored state counts as done, and is not run again.
     *
     * @param vars variables that it set; null if it set none
     * @param servedBy the adapter that answered instead of its own; empty if none
     */
    record StepKept(
        String path, int attempt, Object output, Map<String, Object> vars, String servedBy)
        implements Repair {}
  }

  /** What concerns the world outside: signals, events, people. */
  sealed interface Crossing extends Change {}

  /**
   * A step listens for events, and is about to look for those that came before.
   *
   * @param key null: any
   */
  record StepListening(String path, int attempt, String type, String key) implements Crossing {}

  /** A signal came and is kept until a step takes it. */
  record SignalReceived(String id, String name, Object data) implements Crossing {}

  /** A step took a signal. */
  record SignalTaken(String path, int attempt, String id) implements Crossing {}

  /** A step took an event. */
  record EventTaken(String path, int attempt, String id) implements Crossing {}

  /**
   * A step published an event; it is delivered after the commit.
   *
   * @param key empty if it has none
   */
  record EventEmitted(String path, int attempt, String type, String key, Object data)
      implements Crossing {}

  /**
   * A step asks people.
   *
   * @param question {@code title, to, options, quorum, form, timeout_at}
   * @param delay until the next reminder, the escalation or the end
   */
  record ApprovalRequested(String path, int attempt, Map<String, Object> question, Duration delay)
      implements Crossing {}

  /** They are reminded, for the so manieth time. */
  record ApprovalReminded(String path, int attempt, int number, Duration delay)
      implements Crossing {}

  /** More people are asked. */
  record ApprovalEscalated(String path, int attempt, List<String> to, Duration delay)
      implements Crossing {}

  /** One of them decided; {@code form} is null if nothing came with it. */
  record DecisionMade(String path, int attempt, String by, String decision, Object form)
      implements Crossing {}
}
