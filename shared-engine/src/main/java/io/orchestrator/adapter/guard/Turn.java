package io.orchestrator.adapter.guard;

/** What the end of a call did to a circuit. */
public enum Turn {
  NONE,
  OPENED,
  CLOSED
}
