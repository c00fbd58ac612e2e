package io.orchestrator.flow;

/** Checks at publish what a flow means, beyond its shape and its names. */
public final class Checker {
  private Checker() {}

  /** Tells every reference, secret or step that makes no sense. */
  public static void check(Flow flow, Names names, Problems problems) {
    Typing typing = new Typing(flow, names);
    new References(flow, typing, problems).check();
    new ParamsCheck(typing, names, problems).check(flow);
    new MaskCheck(flow, typing, names, problems).check();
    new TriggerCheck(names, problems).check(flow);
    new ErrorTypesCheck(names, problems).check(flow);
    new ConstantCheck(problems).check(flow);
    new SecretCheck(problems).check(flow);
    new SenseCheck(problems).check(flow);
    new PeopleCheck(problems).check(flow);
  }
}
