package io.orchestrator.engine;

/** What became of a wish to pause an execution or to let it go on. */
public sealed interface Resumption {
  /** It is done, or was so already. */
  record Done(String status) implements Resumption {}

  /** It cannot be done as it stands. */
  record Refused(String why) implements Resumption {}

  /** It has ended already. */
  record AlreadyFinal(String status) implements Resumption {}

  /** There is none. */
  record NotFound() implements Resumption {}
}
