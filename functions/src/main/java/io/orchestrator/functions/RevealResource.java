package io.orchestrator.functions;

import io.orchestrator.engine.Engine;
import io.orchestrator.flow.Problem;
import io.orchestrator.store.AuditEntry;
import io.orchestrator.store.AuditRows;
import io.orchestrator.store.Stored;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * {@code POST /executions/{id}/reveal}: a line of the history with what is masked in clear. It is
 * told to the audit trail, with the reason, before it is answered; what cannot be told is not
 * shown.
 */
final class RevealResource {
  private final Engine engine;
  private final AuditRows audit;

  RevealResource(Engine engine, AuditRows audit) {
    this.engine = engine;
    this.audit = audit;
  }

  Reply reveal(Visit visit) {
    Map<String, Object> body = Body.object(visit.request(), List.of("revision", "reason"));
    int revision = revision(body.get("revision"));
    String reason = Steers.reason(body).strip();
    if (reason.isEmpty()) {
      throw wrong("missing_field", "/reason", "Say why it has to be seen");
    }
    UUID id = visit.execution();
    Stored.Line line =
        engine
            .reveal(visit.tenant(), id, revision)
            .orElseThrow(() -> Refusal.notFound("There is no revision " + revision + " of " + id));
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("revision", (long) revision);
    details.put("step", line.step());
    details.put("reason", reason);
    audit.append(
        AuditEntry.done(
            visit.tenant(),
            visit.caller().subject(),
            visit.route().action(),
            "execution:" + id,
            details));
    return Reply.json(200, ExecutionsResource.line(line));
  }

  private static int revision(Object value) {
    if (value instanceof Long number && number >= 1 && number <= Integer.MAX_VALUE) {
      return number.intValue();
    }
    throw wrong(
        value == null ? "missing_field" : "wrong_type",
        "/revision",
        "'revision' must be the number of a line of the history");
  }

  private static Refusal wrong(String code, String path, String message) {
    return Refusal.invalid(List.of(new Problem(code, path, 0, 0, message, "")));
  }
}
