package io.orchestrator.functions;

import io.orchestrator.access.Permission.Action;
import io.orchestrator.store.ScheduleRows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code GET /schedules}: when flows start by themselves, and when they last did. */
final class SchedulesResource {
  /** A flow has at most so many schedules to show beside it. */
  private static final int OF_FLOW_MAX = 100;

  private final ScheduleRows rows;

  SchedulesResource(ScheduleRows rows) {
    this.rows = rows;
  }

  Reply list(Visit visit) {
    String flow = visit.query().text("flow", Limits.SEARCH_CHARS_MAX);
    if (!flow.isEmpty()) {
      visit.need(Action.READ, flow);
    }
    int limit = visit.query().limit();
    String[] after = after(visit.query());
    List<Map<String, Object>> items = new ArrayList<>();
    boolean more = true;
    // Schedules of flows that the caller may not see are passed over.
    while (more && items.size() < limit) {
      List<ScheduleRows.Shown> page =
          rows.list(visit.tenant(), flow.isEmpty() ? null : flow, after[0], after[1], limit + 1);
      more = page.size() > limit;
      for (ScheduleRows.Shown one : page.subList(0, Math.min(limit, page.size()))) {
        if (items.size() == limit) {
          more = true;
          break;
        }
        after = new String[] {one.row().flow(), one.row().name()};
        if (visit.caller().may(Action.READ, one.row().flow())) {
          items.add(shown(one));
        }
      }
    }
    return Page.of(items, more ? after[0] + " " + after[1] : null);
  }

  /** Those of one flow. */
  List<Map<String, Object>> of(String tenant, String flow) {
    return rows.list(tenant, flow, "", "", OF_FLOW_MAX).stream()
        .map(SchedulesResource::shown)
        .toList();
  }

  private static Map<String, Object> shown(ScheduleRows.Shown one) {
    ScheduleRows.Row row = one.row();
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("flow", row.flow());
    data.put("version", row.version());
    data.put("cron", one.cron());
    data.put("timezone", one.timezone());
    data.put("overlap", one.overlap());
    data.put("catchup", one.catchup());
    data.put("next_at", text(row.nextAt()));
    data.put("waiting", (long) row.pending().size());
    data.put("last_at", text(row.lastAt()));
    data.put("last_execution", row.lastExecution() == null ? null : row.lastExecution().toString());
    return data;
  }

  private static String text(Instant at) {
    return at == null ? null : at.toString();
  }

  private static String[] after(Query query) {
    String after = Page.after(query);
    if (after.isEmpty()) {
      return new String[] {"", ""};
    }
    int space = after.indexOf(' ');
    if (space < 0) {
      throw Query.bad("cursor", "must be the 'next' of an earlier answer");
    }
    return new String[] {after.substring(0, space), after.substring(space + 1)};
  }
}
