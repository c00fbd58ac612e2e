package io.orchestrator.functions;

import io.orchestrator.adapter.Action;
import io.orchestrator.adapter.AdapterCall;
import io.orchestrator.adapter.Adapters;
import io.orchestrator.adapter.Answer;
import io.orchestrator.adapter.Definition;
import io.orchestrator.adapter.Definitions;
import io.orchestrator.adapter.InputSchema;
import io.orchestrator.adapter.Script;
import io.orchestrator.engine.Host;
import io.orchestrator.execution.Failure;
import io.orchestrator.expression.Nearest;
import io.orchestrator.flow.Code;
import io.orchestrator.flow.Problem;
import io.orchestrator.store.AuditEntry;
import io.orchestrator.store.AuditRows;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** {@code POST /adapters/{name}/call}: an adapter is tried without a flow. */
final class AdapterCallResource {
  private final Definitions usable;
  private final Adapters adapters;
  private final AuditRows audit;

  AdapterCallResource(Definitions usable, Adapters adapters, AuditRows audit) {
    this.usable = usable;
    this.adapters = adapters;
    this.audit = audit;
  }

  Reply call(Visit visit) {
    String name = visit.path().get("name");
    Definition definition = usable.find(visit.tenant(), name);
    if (definition == null) {
      throw Refusal.notFound("There is no adapter " + name);
    }
    Map<String, Object> body = Body.object(visit.request(), List.of("action", "params"));
    Action action = action(definition, body.get("action"));
    Object params = body.getOrDefault("params", Map.of());
    check(definition, action, params);
    // Before the call: what it does to the world must not be missing from the trail.
    audit.append(
        AuditEntry.done(
            visit.tenant(),
            visit.caller().subject(),
            "adapter.call",
            "adapter:" + name,
            Map.of("action", action.name())));
    long begun = System.nanoTime();
    Answer answer = adapters.call(call(visit, name, action, params));
    long millis = (System.nanoTime() - begun) / 1_000_000;
    return Reply.json(200, data(name, action, answer, millis));
  }

  private static Action action(Definition definition, Object wanted) {
    if (wanted != null && !(wanted instanceof String)) {
      throw refused(Code.WRONG_TYPE, "/action", "action must be a text", "");
    }
    Action action = definition.action((String) wanted);
    if (action == null && wanted == null) {
      String hint = "name one of " + String.join(", ", definition.actions().keySet());
      String message = "the adapter " + definition.adapter() + " has no default action";
      throw refused(Code.NO_DEFAULT_ACTION, "/action", message, hint);
    }
    if (action == null) {
      String near = Nearest.hint((String) wanted, definition.actions().keySet());
      String message = "the adapter " + definition.adapter() + " has no action " + wanted;
      String all = "it has " + String.join(", ", definition.actions().keySet());
      throw refused(Code.UNKNOWN_ACTION, "/action", message, near.isEmpty() ? all : near);
    }
    return action;
  }

  private static Refusal refused(Code code, String path, String message, String hint) {
    return Refusal.invalid(List.of(new Problem(code.text(), path, 0, 0, message, hint)));
  }

  private static void check(Definition definition, Action action, Object params) {
    if (!(params instanceof Map<?, ?> map)) {
      throw refused(Code.WRONG_TYPE, "/params", "params must be an object", "");
    }
    if (action.input() == null) {
      return;
    }
    List<InputSchema.Misfit> misfits = action.input().misfits(Script.without(map));
    if (!misfits.isEmpty()) {
      String what = definition.adapter() + "." + action.name() + ": ";
      throw Refusal.invalid(
          misfits.stream()
              .map(
                  misfit ->
                      new Problem(
                          Code.BAD_PARAMS.text(),
                          "/params" + misfit.path(),
                          0,
                          0,
                          what + misfit.message(),
                          ""))
              .toList());
    }
  }

  private static AdapterCall call(Visit visit, String name, Action action, Object params) {
    UUID id = Host.JVM.newId();
    return new AdapterCall(
        visit.tenant(),
        id,
        "",
        "call",
        1,
        name,
        action.name(),
        params,
        "call|" + id,
        null,
        Limits.CALL_MAX,
        false,
        null,
        null,
        null);
  }

  private static Map<String, Object> data(String name, Action action, Answer answer, long millis) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("adapter", name);
    data.put("action", action.name());
    switch (answer) {
      case Answer.Done done -> {
        data.put("status", "done");
        data.put("served_by", done.servedBy());
        data.put("result", done.result());
        data.put("error", null);
      }
      case Answer.Later later -> {
        data.put("status", "later");
        data.put("served_by", later.servedBy().isEmpty() ? name : later.servedBy());
        data.put("result", later.answer());
        data.put("error", null);
      }
      case Answer.Refused refused -> {
        data.put("status", "failed");
        data.put("served_by", name);
        data.put("result", null);
        data.put("error", error(refused.failure()));
      }
    }
    data.put("duration_ms", millis);
    return data;
  }

  /** As {@code $error} is in a flow. */
  private static Map<String, Object> error(Failure failure) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("type", failure.type());
    error.put("message", failure.message());
    error.put("status", (long) failure.status());
    error.put("retryable", failure.retryable());
    error.put("data", failure.data());
    Duration wait = failure.retryAfter();
    error.put("retry_after_ms", wait == null ? null : wait.toMillis());
    return error;
  }
}
