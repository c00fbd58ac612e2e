package io.orchestrator.flow;

/** Checks at publish what a flow means, beyond its shape and its names. */
public final class Checker {
  private Checker() {}

  /** Tells every reference, secret or step that makes no sense. */
  public static void check(Flow flow, Problems problems) {
    new References(flow, problems).check();
    new SecretCheck(problems).check(flow);
    new SenseCheck(problems).check(flow);
  }
}
