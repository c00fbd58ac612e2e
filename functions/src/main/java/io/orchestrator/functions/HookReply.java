package io.orchestrator.functions;

import io.orchestrator.catalog.Catalog;
import io.orchestrator.execution.Status;
import io.orchestrator.store.ExecutionReads;
import io.orchestrator.store.Stored;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/** What the sender of a request to a webhook is answered. */
final class HookReply {
  private final ExecutionReads reads;
  private final ExecutionShown shown;

  HookReply(ExecutionReads reads, Catalog catalog) {
    this.reads = reads;
    this.shown = new ExecutionShown(reads, catalog);
  }

  /** It will run. */
  static Reply accepted(UUID id) {
    return Reply.json(202, Map.of("id", id.toString())).with("location", location(id));
  }

  /**
   * The output of the flow if it has ended by then; else it goes on, and the sender knows where.
   */
  Reply ended(String tenant, UUID id, Duration within) {
    Stored head = new Waiting(reads, tenant).untilEnded(id, within);
    Status status = Status.of(head.status());
    if (!status.isFinal()) {
      return accepted(id);
    }
    return switch (status) {
      case COMPLETED ->
          Reply.json(200, shown.whole(head, 0).get("output")).with("location", location(id));
      case TIMED_OUT ->
          throw refused(408, "timeout", "The execution ran out of its time", head)
              .header("location", location(id));
      default -> throw refused(500, "execution_failed", "The execution did not end well", head);
    };
  }

  /** Why it failed is the tenant's matter, not the sender's. */
  private static Refusal refused(int status, String code, String detail, Stored head) {
    return new Refusal(status, code, detail)
        .member(
            "execution",
            ExecutionsResource.brief(head.id(), head.flow(), head.version(), head.status()));
  }

  private static String location(UUID id) {
    return "/executions/" + id;
  }
}
