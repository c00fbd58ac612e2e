package io.orchestrator.webhook;

/** What a request's signature says. The reasons are for the log: a sender is told none. */
public sealed interface Verdict {

  /** It is from whom it says. */
  record Genuine() implements Verdict {}

  /** It is not, or does not show it. */
  record Forged(String why) implements Verdict {}

  /** Nobody can say it now, for a secret or key is not at hand. */
  record Unready(String why) implements Verdict {}
}
