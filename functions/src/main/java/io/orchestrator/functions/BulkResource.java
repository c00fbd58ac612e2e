package io.orchestrator.functions;

import io.orchestrator.access.Permission.Action;
import io.orchestrator.engine.Engine;
import io.orchestrator.expression.Json;
import io.orchestrator.expression.Nearest;
import io.orchestrator.flow.Problem;
import io.orchestrator.store.BulkOrders;
import io.orchestrator.store.ExecutionReads;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /executions/bulk}: retry, rerun or cancel many executions by one order. */
final class BulkResource {
  private static final List<String> ACTIONS = List.of("retry", "rerun", "cancel");
  private static final int RATE_MAX = 100;
  private static final int RATE_DEFAULT = 10;
  private static final int CANARY_MAX = 10_000;

  /** More than that are not counted before. */
  private static final int COUNTED_MAX = 10_000;

  private final BulkOrders orders;
  private final ExecutionReads reads;
  private final Engine engine;

  BulkResource(BulkOrders orders, ExecutionReads reads, Engine engine) {
    this.orders = orders;
    this.reads = reads;
    this.engine = engine;
  }

  Reply order(Visit visit) {
    String key = IdempotencyKeys.read(visit.request());
    Map<String, Object> body =
        Body.object(visit.request(), List.of("action", "query", "canary", "rate", "dry_run"));
    String action = action(body.get("action"));
    ExecutionReads.Query query = BulkQuery.read(body.get("query"), action);
    Integer canary = number(body, "canary", CANARY_MAX);
    Integer rate = number(body, "rate", RATE_MAX);
    boolean dry = Steers.flag(body, "dry_run");
    need(visit, query.flow());
    int matched = count(visit.tenant(), query);
    if (dry) {
      Map<String, Object> counted = new LinkedHashMap<>();
      counted.put("action", action);
      counted.put("matched", (long) matched);
      counted.put("dry_run", true);
      return Reply.json(200, counted);
    }
    byte[] hash = IdempotencyKeys.hash(Json.canonical(body));
    BulkOrders.Order wish =
        new BulkOrders.Order(
            engine.newId(),
            visit.tenant(),
            action,
            query,
            visit.caller().subject(),
            "running",
            rate == null ? RATE_DEFAULT : rate,
            canary,
            0,
            matched,
            0,
            0,
            null,
            null,
            null,
            List.of(),
            hash);
    BulkOrders.Order order = orders.put(wish, key.isEmpty() ? null : key);
    if (!BulkOrders.isSame(order, hash)) {
      throw IdempotencyKeys.reused();
    }
    return Reply.json(202, shown(order)).with("location", "/executions/bulk/" + order.id());
  }

  /** An order about one flow needs that flow, one about all needs all. */
  private static void need(Visit visit, String flow) {
    if (flow != null) {
      visit.need(Action.EXECUTE, flow);
    } else if (!visit.caller().may(Action.EXECUTE)) {
      throw Refusal.forbidden(Action.EXECUTE.text());
    }
  }

  private int count(String tenant, ExecutionReads.Query query) {
    int counted = 0;
    ExecutionReads.Query page = query.after(null, Limits.PAGE_MAX);
    List<ExecutionReads.Summary> rows;
    do {
      rows = reads.list(tenant, page);
      counted += rows.size();
      page = rows.isEmpty() ? page : page.after(rows.getLast().id(), Limits.PAGE_MAX);
    } while (rows.size() == Limits.PAGE_MAX && counted < COUNTED_MAX);
    return counted;
  }

  // -- orders that are there

  Reply get(Visit visit) {
    return Reply.json(200, shown(visible(visit)));
  }

  Reply goOn(Visit visit) {
    BulkOrders.Order order = visible(visit);
    return Reply.json(
        202,
        shown(
            orders
                .goOn(visit.tenant(), order.id())
                .orElseThrow(
                    () ->
                        new Refusal(
                            409,
                            "not_resumable",
                            "The order does not wait, it is " + order.status()))));
  }

  Reply stop(Visit visit) {
    BulkOrders.Order order = visible(visit);
    return Reply.json(
        202,
        shown(
            orders
                .stop(visit.tenant(), order.id())
                .orElseThrow(
                    () -> new Refusal(409, "already_final", "The order is " + order.status()))));
  }

  private BulkOrders.Order visible(Visit visit) {
    BulkOrders.Order order =
        orders
            .find(visit.tenant(), visit.execution())
            .orElseThrow(
                () -> Refusal.notFound("There is no bulk order " + visit.path().get("id")));
    need(visit, order.query().flow());
    return order;
  }

  private static Map<String, Object> shown(BulkOrders.Order order) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("id", order.id().toString());
    data.put("action", order.action());
    data.put("status", order.status());
    data.put("by", order.by());
    data.put("matched", (long) order.matched());
    data.put("done", (long) order.done());
    data.put("refused", (long) order.refused());
    data.put("rate", (long) order.rate());
    data.put("canary", order.canary() == null ? null : (long) order.canary());
    data.put("refusals", order.refusals());
    data.put("created_at", order.createdAt().toString());
    data.put("ended_at", order.endedAt() == null ? null : order.endedAt().toString());
    return data;
  }

  // -- fields

  private static String action(Object value) {
    if (value instanceof String action && ACTIONS.contains(action)) {
      return action;
    }
    String hint = value instanceof String text ? Nearest.hint(text, ACTIONS) : "";
    throw wrong(
        value == null ? "missing_field" : "bad_value",
        "/action",
        "The action must be one of " + String.join(", ", ACTIONS),
        hint);
  }

  private static Integer number(Map<String, Object> body, String name, int most) {
    if (!body.containsKey(name)) {
      return null;
    }
    return switch (body.get(name)) {
      case Long number when number >= 1 && number <= most -> number.intValue();
      case null, default ->
          throw wrong(
              "wrong_type",
              "/" + name,
              "'" + name + "' must be a whole number from 1 to " + most,
              "");
    };
  }

  static Refusal wrong(String code, String path, String message, String hint) {
    return Refusal.invalid(List.of(new Problem(code, path, 0, 0, message, hint)));
  }
}
