package io.orchestrator.engine;

import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Starting;
import io.orchestrator.expression.ExpressionException;
import io.orchestrator.expression.Sha256;
import io.orchestrator.flow.Concurrency;
import io.orchestrator.flow.IdempotentStart;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Problem;
import io.orchestrator.queue.Hint;
import io.orchestrator.queue.Outgoing;
import io.orchestrator.queue.QueueName;
import io.orchestrator.store.Commit;
import io.orchestrator.store.ExecutionStore;
import io.orchestrator.store.Turn;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** Who may start, and who may be at work: the keys and limits that a flow sets itself. */
final class Admissions {
  private static final int KEY_CHARS_MAX = 200;

  private final Parts parts;

  Admissions(Parts parts) {
    this.parts = parts;
  }

  private ExecutionStore store() {
    return parts.store();
  }

  /** What is wrong with the expression of a key. */
  static final class BadKey extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Problem problem;

    BadKey(String path, ExpressionException broken) {
      super(broken.getMessage(), broken, false, false);
      this.problem = new Problem("expression", path, 0, 0, broken.getMessage(), "");
    }

    List<Problem> problems() {
      return List.of(problem);
    }
  }

  /** The key that makes the start happen once: the flow's own before the caller's. */
  Commit.IdempotencyKey key(Plan plan, StartRequest request) {
    IdempotentStart once = plan.terms().idempotency();
    boolean again = request.trigger() != null && request.trigger().containsKey(Rerun.OF);
    if (once == null || again) {
      return request.key();
    }
    String key = key(plan, once, request);
    if (key == null) {
      return request.key();
    }
    // The key alone says what is the same, so the request behind it is not compared.
    byte[] hash = HexFormat.of().parseHex(Sha256.hex(key));
    String stored = stored(plan, key);
    return new Commit.IdempotencyKey("flow:" + plan.flow(), stored, hash, ttl(plan, once, request));
  }

  private String key(Plan plan, IdempotentStart once, StartRequest request) {
    try {
      Instant now = parts.time().now();
      return Starting.key(
          plan, once.key(), request.tenant(), request.input(), request.trigger(), now);
    } catch (ExpressionException broken) {
      throw new BadKey("/idempotency/key", broken);
    }
  }

  private Duration ttl(Plan plan, IdempotentStart once, StartRequest request) {
    try {
      Instant now = parts.time().now();
      return Starting.ttl(
          plan, once.ttl(), request.tenant(), request.input(), request.trigger(), now);
    } catch (ExpressionException broken) {
      throw new BadKey("/idempotency/ttl", broken);
    }
  }

  /** A key as it is kept: it may be made of what nobody may see, and is only ever compared. */
  private static String stored(Plan plan, String key) {
    boolean clear = !plan.masks().any() && key.length() <= KEY_CHARS_MAX && key.indexOf('\0') < 0;
    return clear ? key : "sha256:" + Sha256.hex(key);
  }

  /** Asks whether an execution may be at work; always, if its flow sets no limit. */
  Turn ask(
      Plan plan,
      String tenant,
      UUID execution,
      Object input,
      java.util.Map<String, Object> trigger) {
    Concurrency concurrency = plan.terms().concurrency();
    if (concurrency == null) {
      return new Turn.Taken();
    }
    String key = null;
    if (concurrency.key() != null) {
      try {
        key = Starting.key(plan, concurrency.key(), tenant, input, trigger, parts.time().now());
      } catch (ExpressionException broken) {
        throw new BadKey("/concurrency/key", broken);
      }
    }
    return store()
        .takeTurn(
            new Turn.Wish(
                tenant,
                plan.flow(),
                key == null ? "" : stored(plan, key),
                concurrency.limit(),
                execution,
                concurrency.onLimit().name().toLowerCase(Locale.ROOT)));
  }

  Turn ask(Plan plan, Execution execution) {
    return ask(plan, execution.tenant(), execution.id(), execution.input(), execution.trigger());
  }

  /** Gives back a turn whose execution was not stored. */
  void giveBack(Plan plan, UUID execution) {
    if (plan.terms().concurrency() != null) {
      store().leaveTurn(execution, 0);
    }
  }

  /** An execution has ended: whoever waits for its turn hears of it. */
  void ended(Plan plan, Execution execution) {
    if (plan.terms().concurrency() == null || !execution.status().isFinal()) {
      return;
    }
    for (UUID next : store().leaveTurn(execution.id(), plan.terms().concurrency().limit())) {
      Hint hint = new Hint(execution.tenant(), next, Execution.HELD_REVISION, Hint.Kind.WAKE);
      var _ = parts.hints().send(List.of(Outgoing.now(QueueName.STEP, hint)));
    }
  }
}
