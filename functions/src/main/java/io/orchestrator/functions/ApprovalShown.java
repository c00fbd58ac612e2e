package io.orchestrator.functions;

import io.orchestrator.access.Caller;
import io.orchestrator.access.Permission.Action;
import io.orchestrator.expression.Json;
import io.orchestrator.store.Events;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Something that people are asked to decide, as the API shows it. */
final class ApprovalShown {
  private final Events.Approval approval;
  private final Map<String, Object> about = new LinkedHashMap<>();

  ApprovalShown(Events.Approval approval) {
    this.approval = approval;
    ((Map<?, ?>) Json.readStored(approval.about()))
        .forEach((key, value) -> about.put((String) key, value));
  }

  String flow() {
    return (String) about.get("flow");
  }

  List<?> options() {
    return (List<?>) about.get("options");
  }

  /** JSON Schema of what comes with a decision; null if nothing does. */
  @SuppressWarnings("unchecked") // what Json reads as an object has string keys
  Map<String, Object> form() {
    return (Map<String, Object>) about.get("form");
  }

  /** Whether somebody is asked: named, by a role, or as anybody who may execute the flow. */
  boolean asks(Caller caller) {
    List<?> people = (List<?>) about.get("to");
    return people.isEmpty()
        ? caller.may(Action.EXECUTE, flow())
        : people.stream().anyMatch(person -> caller.is((String) person));
  }

  Map<String, Object> data() {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("id", approval.id().toString());
    data.put("execution", approval.execution().toString());
    data.put("flow", flow());
    data.put("step", approval.step());
    data.put("status", approval.closedAt() == null ? "open" : "closed");
    about.forEach(data::putIfAbsent);
    data.put("requested_at", approval.openedAt().toString());
    return data;
  }
}
