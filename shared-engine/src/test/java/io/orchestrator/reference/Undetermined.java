package io.orchestrator.reference;

/** The model cannot say what comes, because it hangs on an order that is free. */
final class Undetermined extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Undetermined(String why) {
    super(why, null, false, false);
  }
}
