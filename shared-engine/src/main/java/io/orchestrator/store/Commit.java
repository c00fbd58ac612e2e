package io.orchestrator.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * One transition of one execution (or a chain of them), to be stored by one statement or not at
 * all.
 *
 * @param execution UUIDv7
 * @param expected the revision that the head row must have; 0 for a start, whose row is inserted
 * @param head the head row afterwards; its revision is {@code expected + rows.size()}
 * @param rows the history, revisions {@code expected + 1} and on, in order
 * @param opened waits that begin with this transition
 * @param answered the wait that this transition completes; null if none
 * @param opening what only a start has; null else
 * @param closed token hashes of waits that are over and are not looked for any more
 * @param posted events that are stored with it, to be delivered after it
 * @param tenant of the execution; null where nothing is posted
 * @param searched search attributes that change, by name; the empty text is one that has no value
 *     any more
 * @param halted that it halts now, or goes on; null if neither changes
 */
public record Commit(
    UUID execution,
    int expected,
    Head head,
    List<Row> rows,
    List<Wait> opened,
    Answered answered,
    Opening opening,
    List<byte[]> closed,
    List<Posted> posted,
    String tenant,
    Map<String, String> searched,
    Halted halted) {
  /** One that neither halts the execution nor lets it go on. */
  public Commit(
      UUID execution,
      int expected,
      Head head,
      List<Row> rows,
      List<Wait> opened,
      Answered answered,
      Opening opening,
      List<byte[]> closed,
      List<Posted> posted,
      String tenant,
      Map<String, String> searched) {
    this(
        execution, expected, head, rows, opened, answered, opening, closed, posted, tenant,
        searched, null);
  }

  /** One that closes nothing, posts nothing and changes no search attribute. */
  public Commit(
      UUID execution,
      int expected,
      Head head,
      List<Row> rows,
      List<Wait> opened,
      Answered answered,
      Opening opening) {
    this(
        execution, expected, head, rows, opened, answered, opening, List.of(), List.of(), null,
        Map.of());
  }

  /**
   * The head row's changing part.
   *
   * @param status text of {@link io.orchestrator.execution.Status}
   * @param state the frontier as compact JSON
   * @param lookAfter somebody must look after that long, counted from the commit; null if nobody
   *     must
   * @param lookBy somebody must look at that time at the latest; null if no timer is running
   * @param owner the process that has a call of it in flight; null if none has
   * @param ended whether the status is final
   */
  public record Head(
      String status,
      String state,
      Duration lookAfter,
      Instant lookBy,
      String owner,
      boolean ended) {}

  /**
   * One line of the history.
   *
   * @param event name of the change, {@code step_completed}
   * @param step path; null if it concerns the execution
   * @param attempt 0 if it has none
   * @param data the rest as compact JSON
   * @param dueAfter a timer that it arms, counted from the commit; null if none. Stored as an
   *     instant
   */
  public record Row(String event, String step, int attempt, String data, Duration dueAfter) {}

  /**
   * A wait for an answer, addressed by the SHA-256 of its token.
   *
   * @param kind {@code callback}, {@code event}, {@code approval} or {@code link}
   * @param type of the event; null for the other kinds
   * @param key of the event, null for any; for a link who decides by it
   * @param approval the id; null for the other kinds
   * @param about what people see of an approval, as compact JSON; null for the other kinds
   */
  public record Wait(
      byte[] tokenHash,
      String step,
      String kind,
      String type,
      String key,
      UUID approval,
      String about) {
    static final String CALLBACK = "callback";

    /** A wait for a callback. */
    public Wait(byte[] tokenHash, String step) {
      this(tokenHash, step, CALLBACK, null, null, null, null);
    }

    boolean isCallback() {
      return kind.equals(CALLBACK);
    }
  }

  /**
   * An event that becomes visible with the commit.
   *
   * @param data as compact JSON
   */
  public record Posted(UUID id, String type, String key, String data) {}

  /**
   * An execution that stands still or did not end well, for those who look for such.
   *
   * @param status null: it goes on
   * @param fingerprint equal for failures that probably have one cause; null if it has not failed
   * @param step that failed; null if none did
   * @param type of the failure; null if it has not failed
   * @param message of the failure; null if it has not failed
   */
  public record Halted(
      String status, String fingerprint, String step, String type, String message) {
    /** It goes on. */
    public static final Halted NO_MORE = new Halted(null, null, null, null, null);
  }

  /** The wait that is answered, and the SHA-256 of the canonical answer. */
  public record Answered(byte[] tokenHash, byte[] answerHash) {}

  /**
   * What is fixed at the start.
   *
   * @param key null if the start is not idempotent
   * @param traceparent the trace that the start belongs to; null if it belongs to none
   */
  public record Opening(
      String tenant, String flow, String version, IdempotencyKey key, String traceparent) {
    /** A start that belongs to no trace. */
    public Opening(String tenant, String flow, String version, IdempotencyKey key) {
      this(tenant, flow, version, key, null);
    }
  }

  /**
   * Makes a start happen once.
   *
   * @param source of the key: {@code api}, {@code webhook:orders}, {@code cron:...}
   * @param requestHash SHA-256 of the canonical request
   * @param keep how long it is remembered
   */
  public record IdempotencyKey(String source, String key, byte[] requestHash, Duration keep) {}
}
