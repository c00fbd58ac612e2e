package io.orchestrator.catalog;

import io.orchestrator.store.Commit;
import java.util.function.Function;

/**
 * A text that somebody wants to publish or keep.
 *
 * @param format {@code yaml} or {@code json}
 * @param by the subject who wants it
 * @param asDraft only keep it
 * @param activate whether starts take it at once
 * @param once makes a first publication happen once; null if it may be asked for again
 */
public record Draft(
    byte[] text, String format, String by, boolean asDraft, boolean activate, Once once) {
  public Draft(byte[] text, String format, String by, boolean asDraft, boolean activate) {
    this(text, format, by, asDraft, activate, null);
  }

  /**
   * The client's key, and what the client will be answered, also the second time.
   *
   * @param answer JSON
   */
  public record Once(Commit.IdempotencyKey key, Function<Publication, String> answer) {}
}
