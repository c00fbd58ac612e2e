package io.orchestrator.engine;

import java.util.UUID;

/**
 * "Look at this execution."
 *
 * @param revision at which it was when the hint was sent
 * @param kind why
 */
public record Hint(String tenant, UUID execution, int revision, Kind kind) {
  /** Why somebody should look. */
  public enum Kind {
    /** A call is ready to be made. */
    RUN,
    /** A call that may take long is ready to be made. */
    SLOW,
    /** A timer is due, or an answer has come. */
    WAKE,
    /** Nobody has looked in time. */
    SWEPT
  }
}
