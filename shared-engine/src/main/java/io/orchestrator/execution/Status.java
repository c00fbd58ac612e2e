package io.orchestrator.execution;

import java.util.Locale;

/** Where an execution stands. */
public enum Status {
  QUEUED,
  RUNNING,
  WAITING,
  PAUSED,
  COMPENSATING,
  COMPLETED,
  FAILED,
  CANCELLED,
  TIMED_OUT,
  COMPENSATED,
  COMPENSATION_FAILED,
  QUARANTINED;

  private final String text = name().toLowerCase(Locale.ROOT);

  /** Whether nothing can change it any more. */
  public boolean isFinal() {
    return switch (this) {
      case COMPLETED, FAILED, CANCELLED, TIMED_OUT, COMPENSATED, COMPENSATION_FAILED -> true;
      case QUEUED, RUNNING, WAITING, PAUSED, COMPENSATING, QUARANTINED -> false;
    };
  }

  /** As the API and the database write it. */
  public String text() {
    return text;
  }

  /** The status with that text. */
  public static Status of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
