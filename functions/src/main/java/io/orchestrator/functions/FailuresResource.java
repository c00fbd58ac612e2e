package io.orchestrator.functions;

import io.orchestrator.access.Permission.Action;
import io.orchestrator.store.HaltedReads;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code GET /executions/failures}: what has failed, grouped by what it has in common. */
final class FailuresResource {
  private final HaltedReads halted;

  FailuresResource(HaltedReads halted) {
    this.halted = halted;
  }

  Reply list(Visit visit) {
    Query query = visit.query();
    String flow = query.text("flow", Limits.SEARCH_CHARS_MAX);
    String version = query.text("version", Limits.SEARCH_CHARS_MAX);
    if (!flow.isEmpty()) {
      visit.need(Action.READ, flow);
    }
    int limit = query.limit();
    HaltedReads.After after = after(query);
    List<Map<String, Object>> items = new ArrayList<>();
    boolean more = true;
    // Groups of flows that the caller may not see are passed over.
    while (more && items.size() < limit) {
      List<HaltedReads.Group> groups =
          halted.groups(
              visit.tenant(),
              new HaltedReads.Query(
                  flow.isEmpty() ? null : flow,
                  version.isEmpty() ? null : version,
                  query.instant("from"),
                  query.instant("to"),
                  after,
                  limit + 1));
      more = groups.size() > limit;
      for (HaltedReads.Group group : groups.subList(0, Math.min(limit, groups.size()))) {
        if (items.size() == limit) {
          more = true;
          break;
        }
        after = new HaltedReads.After(group.count(), group.fingerprint());
        if (visit.caller().may(Action.READ, group.flow())) {
          items.add(shown(group));
        }
      }
    }
    return Page.of(items, more ? after.count() + "/" + after.fingerprint() : null);
  }

  private static Map<String, Object> shown(HaltedReads.Group group) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("fingerprint", group.fingerprint());
    data.put("flow", group.flow());
    data.put("step", group.step());
    data.put("type", group.type());
    data.put("message", group.message());
    data.put("count", group.count());
    data.put("versions", group.versions());
    data.put("first_at", group.first().toString());
    data.put("last_at", group.last().toString());
    data.put("executions", group.latest());
    return data;
  }

  private static HaltedReads.After after(Query query) {
    String after = Page.after(query);
    if (after.isEmpty()) {
      return null;
    }
    if (!after.matches("[0-9]{1,15}/[0-9a-f]{16}")) {
      throw Query.bad("cursor", "must be the 'next' of an earlier answer");
    }
    int slash = after.indexOf('/');
    return new HaltedReads.After(
        Long.parseLong(after.substring(0, slash)), after.substring(slash + 1));
  }
}
