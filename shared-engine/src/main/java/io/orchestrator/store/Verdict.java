package io.orchestrator.store;

import java.time.Instant;
import java.util.UUID;

/** What became of a commit. */
public sealed interface Verdict {
  /** It is stored; {@code at} is the database's time, which every row of it carries. */
  record Stored(Instant at) implements Verdict {}

  /** Somebody else was faster: the head row is not at the expected revision. Nothing is stored. */
  record Lost() implements Verdict {}

  /** A start whose key was used before: nothing is stored, that execution is the answer. */
  record Duplicate(UUID execution, boolean sameRequest) implements Verdict {}
}
