package io.orchestrator.execution;

import java.time.Instant;
import java.util.Map;

/** Something that happened, outside or in time. {@code at} is database time. */
public sealed interface Event {
  /** When, by the database's clock. */
  Instant at();

  /**
   * An execution is to begin.
   *
   * @param trigger what {@code $trigger} is, null for a direct start
   * @param held whether it has to wait for its turn before its first step
   */
  record Triggered(Object input, Map<String, Object> trigger, boolean held, Instant at)
      implements Event {

    /** One that begins at once. */
    public Triggered(Object input, Map<String, Object> trigger, Instant at) {
      this(input, trigger, false, at);
    }
  }

  /** It is the turn of an execution that was held. */
  record Admitted(Instant at) implements Event {}

  /**
   * A call ended well.
   *
   * @param servedBy the adapter that answered, when it was not the step's own; else empty
   */
  record StepSucceeded(String path, int attempt, Object result, String servedBy, Instant at)
      implements Event {}

  /** A call ended badly, or could not be made. */
  record StepFailed(String path, int attempt, Failure failure, Instant at) implements Event {}

  /**
   * A call was accepted and its real answer comes later, by callback.
   *
   * @param servedBy the adapter that accepted it, when it was not the step's own; else empty
   */
  record StepDeferred(String path, int attempt, Object answer, String servedBy, Instant at)
      implements Event {

    /** One that the step's own adapter accepted. */
    public StepDeferred(String path, int attempt, Object answer, Instant at) {
      this(path, attempt, answer, "", at);
    }
  }

  /** A call that may be made only once is about to be made. */
  record StepBegun(String path, int attempt, Instant at) implements Event {}

  /**
   * Somebody answered a wait.
   *
   * @param attempt the one that is answered; 0 if that is the current one, whichever it is
   * @param failure null: it went well and {@code answer} is the result
   */
  record CallbackReceived(String path, int attempt, Object answer, Failure failure, Instant at)
      implements Event {

    /** An answer to the current attempt. */
    public CallbackReceived(String path, Object answer, Failure failure, Instant at) {
      this(path, 0, answer, failure, at);
    }
  }

  /** Time went by: whatever is due by now is due. */
  record TimeElapsed(Instant at) implements Event {}

  /**
   * Somebody wants it to stop.
   *
   * @param compensates whether what it did is to be undone
   */
  record CancelRequested(String reason, boolean compensates, Instant at) implements Event {
    /** One that undoes only if the flow says so. */
    public CancelRequested(String reason, Instant at) {
      this(reason, false, at);
    }
  }

  /** Somebody wants it to begin no call until it is resumed. */
  record PauseRequested(String reason, Instant at) implements Event {}

  /** Somebody wants it to go on, or lets it use up more. */
  record ResumeRequested(Raise raise, Instant at) implements Event {}

  /** What an operator orders. */
  sealed interface Order extends Event {}

  /** Somebody who has a name wants another event; the first line that comes of it says who. */
  record Ordered(String by, Event event) implements Order {
    @Override
    public Instant at() {
      return event.at();
    }
  }

  /** An earlier state is to be restored; also that of an execution that has ended. */
  record RestoreRequested(Restoration restoration, Instant at) implements Order {}

  /** A step that waits is to wait no longer. */
  record StepSettled(String path, Settlement settlement, Instant at) implements Order {}

  /** A word from outside for a step that waits, or will. */
  sealed interface Word extends Event {}

  /** A signal to the execution; the id tells the same one from another. */
  record SignalReceived(String id, String name, Object data, Instant at) implements Word {}

  /** An event of the tenant that a step may be waiting for. */
  record EventReceived(String path, Occurrence occurrence, Instant at) implements Word {}

  /** Somebody decided; {@code form} is null if nothing came with it. */
  record DecisionMade(String path, String by, String decision, Object form, Instant at)
      implements Word {}

  /**
   * The flow that an attempt of a step runs has ended.
   *
   * @param failure null: {@code answer} is its output
   */
  record ChildEnded(String path, int attempt, Object answer, Failure failure, Instant at)
      implements Word {}
}
