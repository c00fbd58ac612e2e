package io.orchestrator.local.acceptance;

/** A running system that the acceptance tests speak to. */
interface Target extends AutoCloseable {
  String url();

  /** A token of the issuer that the system trusts. */
  String token(String tenant, String... permissions);

  /** Deletes all messages of the queue of steps, the delayed ones too. */
  void loseHints();

  /** How many rows a table of the database has. */
  long rows(String table);

  @Override
  void close();
}
