package io.orchestrator.engine;

import io.orchestrator.execution.Status;
import io.orchestrator.queue.Hint;
import io.orchestrator.store.Acting;
import io.orchestrator.store.BulkOrders;
import io.orchestrator.store.Commit;
import io.orchestrator.store.ExecutionReads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Works off orders about many executions, a batch at a time. Each action is safe to repeat. */
public final class BulkWork {
  private static final int REFUSALS_MAX = 20;
  private static final String REASON = "bulk order ";
  private static final Duration KEPT = Duration.ofDays(100);

  private final BulkOrders orders;
  private final ExecutionReads reads;
  private final Engine engine;

  public BulkWork(BulkOrders orders, ExecutionReads reads, Engine engine) {
    this.orders = orders;
    this.reads = reads;
    this.engine = engine;
  }

  /** Does the batch that a hint calls for, unless somebody else does. */
  public void work(Hint hint) {
    orders
        .take(hint.tenant(), hint.execution(), hint.revision())
        .ifPresent(
            order ->
                new Acting(order.by(), "execution." + order.action(), null)
                    .during(
                        () -> {
                          work(order);
                          return null;
                        }));
  }

  private void work(BulkOrders.Order order) {
    ExecutionReads.Query batch = order.batch();
    List<ExecutionReads.Summary> found = reads.list(order.tenant(), batch);
    List<Object> refusals = new ArrayList<>(order.refusals());
    int refused = 0;
    UUID cursor = order.cursor();
    for (ExecutionReads.Summary one : found) {
      String why = act(order, one);
      cursor = one.id();
      if (why != null) {
        refused++;
        refusals.add(refusal(one.id(), why));
      }
    }
    int from = Math.max(0, refusals.size() - REFUSALS_MAX);
    int done = found.size() - refused;
    orders.worked(
        order,
        cursor,
        done,
        refused,
        refusals.subList(from, refusals.size()),
        status(order, found.size(), batch.limit()));
  }

  private static String status(BulkOrders.Order order, int seen, int limit) {
    if (seen < limit) {
      return "completed";
    }
    boolean look =
        order.canary() != null && order.done() + order.refused() + seen >= order.canary();
    return look ? "canary" : "running";
  }

  private static Map<String, Object> refusal(UUID id, String why) {
    Map<String, Object> refusal = new LinkedHashMap<>();
    refusal.put("execution", id.toString());
    refusal.put("why", why);
    return refusal;
  }

  /** Null if it is done, else why not. */
  private String act(BulkOrders.Order order, ExecutionReads.Summary one) {
    Operator operator = engine.operator(order.tenant(), order.by());
    try {
      return switch (order.action()) {
        case "retry" -> said(operator.retry(one.id(), Retrial.because(REASON + order.id())));
        case "cancel" -> said(operator.cancel(one.id(), REASON + order.id(), false));
        case "rerun" -> rerun(order, one);
        default -> throw new IllegalStateException("no such action: " + order.action());
      };
    } catch (UntrustedState quarantined) {
      return "it is quarantined: " + quarantined.getMessage();
    }
  }

  private static String said(RepairOutcome outcome) {
    return switch (outcome) {
      case RepairOutcome.Done ignored -> null;
      case RepairOutcome.Refused refused -> refused.why();
      case RepairOutcome.BadInput bad -> bad.problems().getFirst().message();
      case RepairOutcome.NotFound ignored -> "it is gone";
    };
  }

  private static String said(CancelOutcome outcome) {
    return switch (outcome) {
      case CancelOutcome.Done ignored -> null;
      case CancelOutcome.Ending ending -> "it is ending already: " + ending.status();
      case CancelOutcome.AlreadyFinal end -> "it has ended already: " + end.status();
      case CancelOutcome.NotFound ignored -> "it is gone";
    };
  }

  private String rerun(BulkOrders.Order order, ExecutionReads.Summary one) {
    if (!Status.of(one.status()).isFinal()) {
      return "it has not ended: " + one.status();
    }
    ExecutionView first = engine.find(order.tenant(), one.id()).orElse(null);
    if (first == null) {
      return "it is gone";
    }
    String once = order.id() + "/" + one.id();
    Commit.IdempotencyKey key =
        new Commit.IdempotencyKey("bulk", once, Callbacks.answerHash(once, null), KEPT);
    StartRequest request =
        new StartRequest(
            order.tenant(),
            one.flow(),
            null,
            first.execution().input(),
            Rerun.trigger(first.execution(), order.by()),
            key);
    return switch (engine.start(request)) {
      case Start.Accepted ignored -> null;
      case Start.Repeated ignored -> null;
      case Start.KeyReused ignored -> "its key was used before";
      case Start.NoSuchFlow none -> none.why();
      case Start.NoRoom full -> "its flow lets only " + full.limit() + " be at work";
      case Start.BadInput bad -> bad.problems().getFirst().message();
    };
  }
}
