package io.orchestrator.functions;

import io.orchestrator.access.Permission.Action;
import io.orchestrator.execution.Status;
import io.orchestrator.expression.Json;
import io.orchestrator.store.ExecutionReads;
import io.orchestrator.store.Stored;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * The history of an execution as server-sent events. An answer holds what has come since the
 * client's last event, and waits for it if nothing has; the client then asks again, as the
 * protocol wants it. So it is live on every host, also where a function's answer is one piece.
 */
final class FollowingResource {
  private static final Duration WAIT = Duration.ofSeconds(15);

  private final ExecutionReads reads;

  FollowingResource(ExecutionReads reads) {
    this.reads = reads;
  }

  Reply follow(Visit visit) {
    UUID id = visit.execution();
    Stored head = reads.head(visit.tenant(), id).orElseThrow(visit::noExecution);
    visit.need(Action.READ, head.flow());
    int after = after(visit.request().header("last-event-id"));
    Duration wait = visit.query().waiting() == null ? WAIT : visit.query().waiting();
    Stored now = new Waiting(reads, visit.tenant()).untilBeyond(id, after, wait);
    boolean over = Status.of(now.status()).isFinal();
    if (over && after >= now.revision()) {
      return new Reply(204, java.util.Map.of("cache-control", "no-store"), ""); // ask no more
    }
    List<Stored.Line> lines = reads.history(visit.tenant(), id, after, Limits.PAGE_MAX);
    StringBuilder events = new StringBuilder("retry: 500\n\n");
    for (Stored.Line line : lines) {
      events.append("id: ").append(line.revision()).append('\n');
      events.append("event: ").append(line.event()).append('\n');
      events.append("data: ").append(Json.write(ExecutionsResource.line(line))).append("\n\n");
    }
    if (lines.isEmpty()) {
      events.append(": nothing yet\n\n");
    }
    return Reply.text(200, "text/event-stream", events.toString());
  }

  /** What the client has; one that has something else begins at the beginning. */
  private static int after(String id) {
    return id.matches("[0-9]{1,9}") ? Integer.parseInt(id) : 0;
  }
}
