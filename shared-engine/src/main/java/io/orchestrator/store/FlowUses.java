package io.orchestrator.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which flows use what, as the versions say that starts may take now or next. */
public final class FlowUses {
  private static final int NAMED_MAX = 20;

  private static final String USERS =
      """
      select distinct u.flow from flow_uses u join flows f on f.tenant = u.tenant and f.flow = u.flow
      where u.tenant = ? and u.kind = ? and u.name = ? and u.flow <> ? and f.retired_at is null
        and u.version in (f.stable, f.latest, f.canary ->> 'version')
      order by u.flow limit ?
      """;

  private static final String ACTIONS =
      """
      select u.name, min(u.flow) as flow
      from flow_uses u join flows f on f.tenant = u.tenant and f.flow = u.flow
      where u.tenant = ? and u.kind = 'action' and starts_with(u.name, ?) and f.retired_at is null
        and u.version in (f.stable, f.latest, f.canary ->> 'version')
      group by u.name order by u.name
      """;

  // Whoever retires one of them meanwhile waits, and then sees the version that uses it.
  private static final String LOCK_USED =
      """
      select f.flow, f.retired_at is not null as retired
      from flow_uses u join flows f on f.tenant = u.tenant and f.flow = u.name
      where u.tenant = ? and u.flow = ? and u.version = ? and u.kind = 'flow'
      order by f.flow for share of f
      """;

  private final Tenancy tenancy;

  FlowUses(Tenancy tenancy) {
    this.tenancy = tenancy;
  }

  /** Flows that use a library step, the first of them. */
  public List<String> ofStep(String tenant, String step) {
    return tenancy.transaction(tenant, connection -> users(connection, tenant, "step", step));
  }

  /** Flows that call an adapter, the first of them. */
  public List<String> ofAdapter(String tenant, String adapter) {
    return tenancy.transaction(tenant, connection -> users(connection, tenant, "adapter", adapter));
  }

  /** The actions of an adapter that flows call, each with one of those flows. */
  public Map<String, String> ofActions(String tenant, String adapter) {
    record ActionUse(String name, String flow) {}
    Map<String, String> actions = new LinkedHashMap<>();
    tenancy
        .list(
            tenant,
            ACTIONS,
            row -> new ActionUse(row.getString("name"), row.getString("flow")),
            tenant,
            adapter + ".")
        .forEach(used -> actions.put(used.name().substring(adapter.length() + 1), used.flow()));
    return actions;
  }

  /** Other flows that use a flow, the first of them. */
  static List<String> ofFlow(Connection connection, String tenant, String flow)
      throws SQLException {
    return users(connection, tenant, "flow", flow);
  }

  private static List<String> users(Connection connection, String tenant, String kind, String name)
      throws SQLException {
    String itself = kind.equals("flow") ? name : "";
    return Sql.list(
        connection, USERS, row -> row.getString(1), tenant, kind, name, itself, NAMED_MAX);
  }

  private record Used(String flow, boolean retired) {}

  /** Keeps the flows that a version uses from being retired in this moment; those that are. */
  static List<String> lockUsed(Connection connection, String tenant, String flow, String version)
      throws SQLException {
    return Sql.list(
            connection,
            LOCK_USED,
            row -> new Used(row.getString("flow"), row.getBoolean("retired")),
            tenant,
            flow,
            version)
        .stream()
        .filter(Used::retired)
        .map(Used::flow)
        .toList();
  }
}
