package io.orchestrator.functions;

import io.orchestrator.access.Permission.Action;
import io.orchestrator.engine.Engine;
import io.orchestrator.engine.ExecutionView;
import io.orchestrator.engine.Operator;
import io.orchestrator.engine.RepairOutcome;
import io.orchestrator.engine.Rerun;
import io.orchestrator.engine.Retrial;
import io.orchestrator.engine.Rollback;
import io.orchestrator.engine.Start;
import io.orchestrator.engine.StartRequest;
import io.orchestrator.execution.Failure;
import io.orchestrator.execution.Settlement;
import io.orchestrator.expression.Json;
import io.orchestrator.flow.Problem;
import io.orchestrator.store.ExecutionReads;
import io.orchestrator.store.Stored;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What operators do about an execution that went wrong or does not go on. */
final class RepairsResource {
  private static final int NAME_CHARS_MAX = 500;

  private final ExecutionReads reads;
  private final Engine engine;

  RepairsResource(ExecutionReads reads, Engine engine) {
    this.reads = reads;
    this.engine = engine;
  }

  private Operator operator(Visit visit) {
    return engine.operator(visit.tenant(), visit.caller().subject());
  }

  /** The execution, if it is the tenant's and the caller may execute its flow. */
  private Stored visible(Visit visit) {
    Stored head = reads.head(visit.tenant(), visit.execution()).orElseThrow(visit::noExecution);
    visit.need(Action.EXECUTE, head.flow());
    return head;
  }

  // -- the same execution

  Reply retry(Visit visit) {
    Map<String, Object> body =
        Body.object(visit.request(), List.of("from", "input", "outputs", "version", "reason"));
    Retrial wish =
        new Retrial(
            text(body, "from"),
            body.containsKey("input"),
            body.get("input"),
            outputs(body),
            text(body, "version"),
            Steers.reason(body));
    Stored head = visible(visit);
    return answered(visit, head, operator(visit).retry(head.id(), wish));
  }

  Reply rollback(Visit visit) {
    Map<String, Object> body = Body.object(visit.request(), List.of("to", "revision", "reason"));
    String to = text(body, "to");
    Integer revision = revision(body);
    if (to != null && revision != null) {
      throw Refusal.invalid("bad_value", "Give either 'to' or 'revision', not both", "");
    }
    Stored head = visible(visit);
    if (to == null && revision == null && !head.status().equals("quarantined")) {
      throw Refusal.invalid(
          "missing_field", "Say where to", "{\"to\": \"step\"} or {\"revision\": 7}");
    }
    Rollback wish = new Rollback(to, revision, Steers.reason(body));
    return answered(visit, head, operator(visit).rollback(head.id(), wish));
  }

  private static Integer revision(Map<String, Object> body) {
    if (!body.containsKey("revision")) {
      return null;
    }
    return switch (body.get("revision")) {
      case Long number when number > 0 && number <= Integer.MAX_VALUE -> number.intValue();
      case null, default -> throw wrong("revision", "must be a whole number from 1");
    };
  }

  private static Map<String, Object> outputs(Map<String, Object> body) {
    if (body.getOrDefault("outputs", Map.of()) instanceof Map<?, ?> map) {
      Map<String, Object> outputs = new LinkedHashMap<>();
      map.forEach((step, output) -> outputs.put((String) step, output));
      return outputs;
    }
    throw wrong("outputs", "must be an object: an output for each step's id");
  }

  private static Reply answered(Visit visit, Stored head, RepairOutcome outcome) {
    return switch (outcome) {
      case RepairOutcome.Done done ->
          Reply.json(
                  202,
                  ExecutionsResource.brief(head.id(), head.flow(), done.version(), done.status()))
              .with("location", "/executions/" + head.id());
      case RepairOutcome.Refused refused ->
          throw new Refusal(409, refused.code(), "It cannot be done: " + refused.why());
      case RepairOutcome.BadInput bad -> throw Refusal.invalid(bad.problems());
      case RepairOutcome.NotFound ignored -> throw visit.noExecution();
    };
  }

  // -- a wait

  Reply complete(Visit visit) {
    Map<String, Object> body = Body.object(visit.request(), List.of("output"));
    return settled(visit, new Settlement.Completed(body.get("output")));
  }

  Reply fail(Visit visit) {
    Map<String, Object> body = Body.object(visit.request(), List.of("type", "message"));
    String type = text(body, "type");
    String message = text(body, "message");
    if (type != null && !type.matches("[A-Za-z][A-Za-z0-9_.-]{0,99}")) {
      throw wrong("type", "must be letters, digits, _ . and -, a letter first, at most 100");
    }
    Failure failure =
        Failure.fatal(
            type == null ? "operator" : type,
            message == null ? "an operator has let it fail" : message);
    return settled(visit, new Settlement.Failed(failure));
  }

  Reply skip(Visit visit) {
    var _ = Body.object(visit.request(), List.of());
    return settled(visit, new Settlement.Skipped());
  }

  private Reply settled(Visit visit, Settlement settlement) {
    Stored head = visible(visit);
    String step = visit.path().get("step");
    RepairOutcome outcome = operator(visit).settle(head.id(), step, settlement);
    if (outcome instanceof RepairOutcome.NotFound) {
      throw Refusal.notFound("There is no step " + step + " in " + head.flow());
    }
    return answered(visit, head, outcome);
  }

  // -- another execution

  Reply rerun(Visit visit) {
    String key = IdempotencyKeys.read(visit.request());
    Map<String, Object> body = Body.object(visit.request(), List.of("input", "version"));
    Stored head = visible(visit);
    ExecutionView first = engine.find(visit.tenant(), head.id()).orElseThrow(visit::noExecution);
    Object input = body.containsKey("input") ? body.get("input") : first.execution().input();
    Map<String, Object> said = new LinkedHashMap<>(body);
    said.put("rerun_of", head.id().toString());
    StartRequest request =
        new StartRequest(
            visit.tenant(),
            head.flow(),
            text(body, "version"),
            input,
            Rerun.trigger(first.execution(), visit.caller().subject()),
            IdempotencyKeys.of("api", key, Json.canonical(said), Limits.KEY_KEPT),
            visit.request().header("traceparent"));
    return switch (engine.start(request)) {
      case Start.Accepted a -> started(head, a.id(), a.flow(), a.version(), a.status());
      case Start.Repeated r -> started(head, r.id(), r.flow(), r.version(), r.status());
      case Start.KeyReused ignored -> throw IdempotencyKeys.reused();
      case Start.NoSuchFlow none -> throw Refusal.notFound(none.why());
      case Start.NoRoom full -> throw Refusal.noRoom(full.limit());
      case Start.BadInput bad -> throw Refusal.invalid(bad.problems());
    };
  }

  private static Reply started(Stored first, UUID id, String flow, String version, String status) {
    Map<String, Object> data = ExecutionsResource.brief(id, flow, version, status);
    data.put("rerun_of", first.id().toString());
    return Reply.json(202, data).with("location", "/executions/" + id);
  }

  // -- fields

  /** A text; null if it is not there. */
  private static String text(Map<String, Object> body, String name) {
    Object value = body.get(name);
    if (value == null && !body.containsKey(name)) {
      return null;
    }
    if (value instanceof String text && !text.isEmpty() && text.length() <= NAME_CHARS_MAX) {
      return text;
    }
    throw wrong(name, "must be a text of 1 to " + NAME_CHARS_MAX + " characters");
  }

  private static Refusal wrong(String field, String rule) {
    return Refusal.invalid(
        List.of(new Problem("wrong_type", "/" + field, 0, 0, "'" + field + "' " + rule, "")));
  }
}
