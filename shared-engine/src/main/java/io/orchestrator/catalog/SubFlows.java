package io.orchestrator.catalog;

import io.orchestrator.flow.Code;
import io.orchestrator.flow.Names;
import io.orchestrator.store.FlowRow;
import io.orchestrator.store.FlowRows;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the version of a flow that another flow is to call, and what that calls in turn. */
final class SubFlows {
  private static final int PAGE = 100;

  private final String tenant;
  private final FlowRows rows;

  SubFlows(String tenant, FlowRows rows) {
    this.tenant = tenant;
    this.rows = rows;
  }

  private record Called(String flow, String version) {}

  /**
   * The flow at the version that a range means now; without a range it is the flow as its route
   * says when it is started, so no version is fixed.
   */
  Names.Meaning find(String name, String range) {
    Optional<FlowRow> flow = rows.get(tenant, name).filter(row -> row.retiredAt() == null);
    String version =
        flow.isEmpty() ? null : range.isEmpty() ? flow.get().stable() : highest(name, range);
    if (version != null) {
      String fixed = range.isEmpty() ? "" : version;
      return new Names.Meaning.SubFlow(name, fixed, calls(new Called(name, version)));
    }
    boolean exists = flow.isPresent();
    String what =
        !exists
            ? "there is no flow '" + name + "'"
            : range.isEmpty()
                ? "the flow '" + name + "' has no active version"
                : "the flow '" + name + "' has no version in " + range;
    String latest = exists && flow.get().latest() != null ? "its latest is " : "";
    return new Names.Meaning.Missing(
        Code.UNKNOWN_FLOW, what, latest.isEmpty() ? "" : latest + flow.get().latest());
  }

  private String highest(String name, String range) {
    String highest = null;
    int before = Integer.MAX_VALUE;
    List<FlowRow.Version> page;
    do {
      page = rows.versions(tenant, name, before, PAGE);
      for (FlowRow.Version version : page) {
        before = version.ordinal();
        boolean in = Versions.isIn(version.version(), range);
        if (in && (highest == null || Versions.compare(version.version(), highest) > 0)) {
          highest = version.version();
        }
      }
    } while (page.size() == PAGE);
    return highest;
  }

  /** Every flow that a version reaches, as things are now. */
  private Set<String> calls(Called from) {
    Set<String> names = new HashSet<>();
    Set<Called> seen = new HashSet<>();
    Deque<Called> open = new ArrayDeque<>(List.of(from));
    while (!open.isEmpty()) {
      Called next = open.pop();
      for (Called called : seen.add(next) ? directly(next) : Set.<Called>of()) {
        names.add(called.flow());
        open.push(called);
      }
    }
    return names;
  }

  private Set<Called> directly(Called from) {
    Set<Called> called = new HashSet<>();
    rows.version(tenant, from.flow(), from.version())
        .map(row -> Published.bindings(row.plan()))
        .ifPresent(
            bindings ->
                bindings
                    .values()
                    .forEach(
                        binding -> {
                          if (binding instanceof Map<?, ?> map
                              && map.get("flow") instanceof String flow) {
                            called.add(new Called(flow, fixed(flow, map.get("version"))));
                          }
                        }));
    return called;
  }

  /** The version that a binding fixes; of one that fixes none, the one that starts take. */
  private String fixed(String flow, Object version) {
    return "".equals(version) || version == null
        ? rows.get(tenant, flow).map(FlowRow::stable).orElse("")
        : (String) version;
  }
}
