package io.orchestrator.functions;

import io.orchestrator.access.Permission.Action;
import io.orchestrator.catalog.Catalog;
import io.orchestrator.engine.CancelOutcome;
import io.orchestrator.engine.Engine;
import io.orchestrator.engine.History;
import io.orchestrator.engine.Operator;
import io.orchestrator.engine.Resumption;
import io.orchestrator.execution.Raise;
import io.orchestrator.execution.Status;
import io.orchestrator.expression.Json;
import io.orchestrator.expression.Nearest;
import io.orchestrator.store.ExecutionReads;
import io.orchestrator.store.Stored;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** {@code /executions}: looking at them, waiting for their end, stopping them. */
final class ExecutionsResource {
  private static final List<String> STATUSES =
      Arrays.stream(Status.values()).map(Status::text).toList();

  private final ExecutionReads reads;
  private final ExecutionReads listed;
  private final Engine engine;
  private final ExecutionShown shown;

  /** Over the executions as they are now, and as they are listed: perhaps a moment ago. */
  ExecutionsResource(ExecutionReads reads, ExecutionReads listed, Catalog catalog, Engine engine) {
    this.reads = reads;
    this.listed = listed;
    this.engine = engine;
    this.shown = new ExecutionShown(reads, catalog);
  }

  /**
   * The answer to a start.
   *
   * @param wait how long its end may be waited for; null: not at all
   */
  Reply started(Visit visit, UUID id, String flow, String version, String status, Duration wait) {
    String location = "/executions/" + id;
    if (wait == null) {
      return Reply.json(202, brief(id, flow, version, status)).with("location", location);
    }
    return ended(visit, id, wait).with("location", location);
  }

  private Reply ended(Visit visit, UUID id, Duration wait) {
    Stored head = new Waiting(reads, visit.tenant()).untilEnded(id, wait);
    boolean timedOut = head.status().equals(Status.TIMED_OUT.text());
    if (!Status.of(head.status()).isFinal() || timedOut) {
      String why =
          timedOut
              ? "The execution ran out of its time"
              : "The execution has not ended in time; it goes on";
      throw new Refusal(408, "timeout", why)
          .header("location", "/executions/" + id)
          .member("execution", brief(id, head.flow(), head.version(), head.status()));
    }
    return Reply.json(200, shown.whole(head, 0));
  }

  static Map<String, Object> brief(UUID id, String flow, String version, String status) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("id", id.toString());
    data.put("flow", flow);
    data.put("version", version);
    data.put("status", status);
    return data;
  }

  Reply get(Visit visit) {
    Stored head = visible(visit, Action.READ);
    Duration wait = visit.query().waiting();
    if (wait != null && !Status.of(head.status()).isFinal()) {
      return ended(visit, head.id(), wait);
    }
    String etag = etag(head);
    if (Preconditions.isKnown(visit.request(), etag)) {
      return Reply.notModified(etag);
    }
    Map<String, Object> whole = shown.whole(head, position(visit.query()));
    return Reply.json(200, whole).followedBy((String) whole.get("next")).with("etag", etag);
  }

  /** Quarantine changes what is shown, but not the revision. */
  private static String etag(Stored head) {
    return head.status().equals(Status.QUARANTINED.text())
        ? "\"" + head.revision() + "-quarantined\""
        : Preconditions.etag(head.revision());
  }

  Reply history(Visit visit) {
    Stored head = visible(visit, Action.READ);
    int limit = visit.query().text("limit").isEmpty() ? Limits.PAGE_MAX : visit.query().limit();
    List<Stored.Line> lines =
        reads.history(visit.tenant(), head.id(), position(visit.query()), limit + 1);
    List<Stored.Line> page = lines.subList(0, Math.min(limit, lines.size()));
    String last = lines.size() > limit ? Integer.toString(page.getLast().revision()) : null;
    return Page.of(page.stream().map(ExecutionsResource::line).toList(), last);
  }

  static Map<String, Object> line(Stored.Line line) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("revision", (long) line.revision());
    data.put("at", line.at().toString());
    data.put("event", line.event());
    data.put("step", line.step());
    data.put("attempt", (long) line.attempt());
    data.put("data", Json.readStored(History.shown(line).data()));
    return data;
  }

  Reply list(Visit visit) {
    Query query = visit.query();
    String flow = query.text("flow", Limits.SEARCH_CHARS_MAX);
    if (!flow.isEmpty()) {
      visit.need(Action.READ, flow);
    }
    int limit = query.limit();
    UUID after = after(query);
    List<Map<String, Object>> items = new ArrayList<>();
    boolean more = true;
    // Executions of flows that the caller may not see are passed over, so a page may need more than
    // one look.
    while (more && items.size() < limit) {
      List<ExecutionReads.Summary> rows =
          listed.list(visit.tenant(), search(query, flow, after, limit + 1));
      more = rows.size() > limit;
      for (ExecutionReads.Summary row : rows.subList(0, Math.min(limit, rows.size()))) {
        if (items.size() == limit) {
          more = true;
          break;
        }
        after = row.id();
        if (visit.caller().may(Action.READ, row.flow())) {
          items.add(line(row));
        }
      }
    }
    return Page.of(items, more ? after.toString() : null);
  }

  private static ExecutionReads.Query search(Query query, String flow, UUID after, int limit) {
    List<String> statuses =
        query.text("status").isEmpty() ? List.of() : List.of(query.text("status").split(",", -1));
    for (String status : statuses) {
      if (!STATUSES.contains(status)) {
        throw Refusal.invalid(
            "bad_parameter", "There is no status '" + status + "'", Nearest.hint(status, STATUSES));
      }
    }
    String version = query.text("version", Limits.SEARCH_CHARS_MAX);
    return new ExecutionReads.Query(
        flow.isEmpty() ? null : flow,
        version.isEmpty() ? null : version,
        statuses,
        query.instant("from"),
        query.instant("to"),
        query.attributes(),
        after,
        limit);
  }

  private static Map<String, Object> line(ExecutionReads.Summary row) {
    Map<String, Object> data = brief(row.id(), row.flow(), row.version(), row.status());
    data.put("revision", (long) row.revision());
    data.put("started_at", row.startedAt().toString());
    data.put("ended_at", row.endedAt() == null ? null : row.endedAt().toString());
    return data;
  }

  private Operator operator(Visit visit) {
    return engine.operator(visit.tenant(), visit.caller().subject());
  }

  Reply cancel(Visit visit) {
    Map<String, Object> body = Body.object(visit.request(), List.of("reason", "compensate"));
    String reason = Steers.reason(body);
    boolean compensates = Steers.flag(body, "compensate");
    Stored head = visible(visit, Action.EXECUTE);
    return switch (operator(visit).cancel(head.id(), reason, compensates)) {
      case CancelOutcome.Done done ->
          Reply.json(202, brief(head.id(), head.flow(), head.version(), done.status()))
              .with("location", "/executions/" + head.id());
      case CancelOutcome.Ending end ->
          throw new Refusal(
              409, "already_ending", "The execution is ending already: " + end.status());
      case CancelOutcome.AlreadyFinal end ->
          throw new Refusal(
              409, "already_final", "The execution has ended already: " + end.status());
      case CancelOutcome.NotFound ignored -> throw visit.noExecution();
    };
  }

  Reply pause(Visit visit) {
    String reason = Steers.reason(Body.object(visit.request(), List.of("reason")));
    Stored head = visible(visit, Action.EXECUTE);
    return steered(visit, head, operator(visit).pause(head.id(), reason), "not_pausable");
  }

  Reply resume(Visit visit) {
    Raise raise = Steers.raise(Body.object(visit.request(), List.of("budget")));
    Stored head = visible(visit, Action.EXECUTE);
    return steered(visit, head, operator(visit).resume(head.id(), raise), "not_resumable");
  }

  private static Reply steered(Visit visit, Stored head, Resumption outcome, String code) {
    return switch (outcome) {
      case Resumption.Done done ->
          Reply.json(202, brief(head.id(), head.flow(), head.version(), done.status()))
              .with("location", "/executions/" + head.id());
      case Resumption.Refused refused ->
          throw new Refusal(409, code, "It cannot be done: " + refused.why());
      case Resumption.AlreadyFinal end ->
          throw new Refusal(
              409, "already_final", "The execution has ended already: " + end.status());
      case Resumption.NotFound ignored -> throw visit.noExecution();
    };
  }

  /** The execution, if it is the tenant's and the caller may do that to its flow. */
  private Stored visible(Visit visit, Action action) {
    Stored head = reads.head(visit.tenant(), visit.execution()).orElseThrow(visit::noExecution);
    visit.need(action, head.flow());
    return head;
  }

  private static UUID after(Query query) {
    String after = Page.after(query);
    try {
      return after.isEmpty() ? null : UUID.fromString(after);
    } catch (IllegalArgumentException e) {
      throw Query.bad("cursor", "must be the 'next' of an earlier answer");
    }
  }

  private static int position(Query query) {
    String after = Page.after(query);
    if (after.isEmpty()) {
      return 0;
    }
    if (!after.matches("[0-9]{1,9}")) {
      throw Query.bad("cursor", "must be the 'next' of an earlier answer");
    }
    return Integer.parseInt(after);
  }
}
