package io.orchestrator.functions;

import io.orchestrator.store.ApprovalReads;
import io.orchestrator.store.Events;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** {@code GET /approvals}: what the caller is asked to decide, the oldest first. */
final class InboxResource {
  private final ApprovalReads reads;

  InboxResource(ApprovalReads reads) {
    this.reads = reads;
  }

  private record Mark(Instant at, UUID id) {
    static Mark of(Query query) {
      String after = Page.after(query);
      if (after.isEmpty()) {
        return new Mark(null, null);
      }
      try {
        int space = after.indexOf(' ');
        return new Mark(
            Instant.parse(after.substring(0, Math.max(0, space))),
            UUID.fromString(after.substring(space + 1)));
      } catch (DateTimeParseException | IllegalArgumentException e) {
        throw Query.bad("cursor", "must be the 'next' of an earlier answer");
      }
    }

    String text() {
      return at + " " + id;
    }
  }

  Reply list(Visit visit) {
    int limit = visit.query().limit();
    Mark mark = Mark.of(visit.query());
    List<Map<String, Object>> items = new ArrayList<>();
    boolean more = true;
    // What others are asked is passed over, so a page may need more than one look.
    while (more && items.size() < limit) {
      List<Events.Approval> rows = reads.open(visit.tenant(), mark.at(), mark.id(), limit + 1);
      more = rows.size() > limit;
      for (Events.Approval row : rows.subList(0, Math.min(limit, rows.size()))) {
        if (items.size() == limit) {
          more = true;
          break;
        }
        mark = new Mark(row.openedAt(), row.id());
        ApprovalShown shown = new ApprovalShown(row);
        if (shown.asks(visit.caller())) {
          items.add(shown.data());
        }
      }
    }
    return Page.of(items, more ? mark.text() : null);
  }
}
