package io.orchestrator.flow;

import java.time.Duration;
import java.util.List;

/** What starts a flow. */
public sealed interface Trigger {
  /** Where it stands in the text. */
  Spot spot();

  /**
   * A request to {@code /hooks/{tenant}/{path}}.
   *
   * @param verify how the sender shows who it is
   * @param filter null: every request
   * @param dedupe what makes two requests the same event; null: what the sender's scheme has for it
   * @param input what {@code $input} is; null: the body
   * @param respondWithin how long the answer may wait for the end; null: it does not wait
   */
  record Webhook(
      Spot spot,
      String path,
      Verify verify,
      Syntax.Expr filter,
      Syntax.Expr dedupe,
      Syntax.Data input,
      Duration respondWithin)
      implements Trigger {
    /** Whether anybody may start it. */
    public boolean open() {
      return verify instanceof Verify.Open;
    }
  }

  /**
   * Times.
   *
   * @param timezone an IANA name
   */
  record Schedule(
      Spot spot, String cron, String timezone, Overlap overlap, Catchup catchup, Syntax.Data input)
      implements Trigger {}

  /** Events of a type. */
  record Occurrence(Spot spot, String type, Syntax.Expr filter, Syntax.Data input)
      implements Trigger {}

  /**
   * Ends of another flow's executions.
   *
   * @param statuses only these
   */
  record Completion(Spot spot, String flow, List<String> statuses, Syntax.Data input)
      implements Trigger {}

  /** What happens when the last scheduled execution still runs. */
  enum Overlap {
    ALLOW,
    SKIP,
    QUEUE
  }

  /** What happens to times that were missed. */
  enum Catchup {
    NONE,
    LATEST,
    ALL
  }
}
