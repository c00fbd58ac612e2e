package io.orchestrator.execution;

import java.util.Locale;

/** Where a step of an execution stands. */
public enum StepStatus {
  RUNNING,
  WAITING,
  RETRYING,
  COMPLETED,
  FAILED,
  SKIPPED,
  CANCELLED,
  COMPENSATED;

  private final String text = name().toLowerCase(Locale.ROOT);

  /**
   * Whether something can still happen to it by itself. A failed step whose handlers run is not
   * active, its handlers are.
   */
  public boolean isActive() {
    return switch (this) {
      case RUNNING, WAITING, RETRYING -> true;
      case COMPLETED, FAILED, SKIPPED, CANCELLED, COMPENSATED -> false;
    };
  }

  /** As the API and the history write it. */
  public String text() {
    return text;
  }

  /** The status with that text. */
  public static StepStatus of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
