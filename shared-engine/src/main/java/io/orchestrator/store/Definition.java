package io.orchestrator.store;

import java.time.Instant;

/**
 * A named definition, of an adapter or of a library step, at one revision.
 *
 * @param definition JSON; null if it was deleted by this revision
 * @param source the text as it was written; null if there was none
 */
public record Definition(
    String name,
    int revision,
    String definition,
    String source,
    Instant updatedAt,
    String updatedBy) {
  /** Whether this revision is the end of it. The name may be taken again by the next one. */
  public boolean isDeleted() {
    return definition == null;
  }
}
