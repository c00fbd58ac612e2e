package io.orchestrator.adapter.llm;

/**
 * What a model answered.
 *
 * @param text empty without
 * @param data that the provider gave as data already; null: it is in the text, if anywhere
 * @param refusal why it would not answer; empty if it did
 */
record Turn(String text, Object data, Finish finish, String refusal, Tokens tokens) {
  /** Why it ended. */
  enum Finish {
    /** It had said everything. */
    STOP,
    /** There was no room for more. */
    LENGTH,
    /** It, or its provider, would not. */
    REFUSED
  }
}
