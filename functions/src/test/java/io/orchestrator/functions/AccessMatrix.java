package io.orchestrator.functions;

import java.util.EnumMap;
import java.util.Map;

/**
 * Who may use each route, written down a second time, by hand: what {@link AccessMatrixTest} holds
 * the functions against. A route without a row fails the build.
 *
 * @param reach of what it is about
 * @param body sent with it; {@code FLOW}, {@code NEW} and {@code EXECUTION} stand for names of the
 *     test
 */
record AccessMatrix(Reach reach, String permission, String body) {
  /** What a route is about. */
  enum Reach {
    /** One flow, by its name or by an execution of it: a permission for other flows is none. */
    FLOW,
    /** What the caller may see of all flows: a permission for any flow opens it. */
    SOME,
    /** The whole tenant: only a permission for all flows opens it. */
    ALL,
    /** The caller alone: any token opens it. */
    CALLER,
    /** A token or something in its place. */
    OTHERWISE,
    /** Nobody: everybody may. */
    OPEN
  }

  static final Map<Route, AccessMatrix> ROWS = rows();

  private static Map<Route, AccessMatrix> rows() {
    Map<Route, AccessMatrix> rows = new EnumMap<>(Route.class);
    flows(rows);
    catalog(rows);
    executions(rows);
    rest(rows);
    return rows;
  }

  private static void flows(Map<Route, AccessMatrix> rows) {
    String text = "{\"flow\": \"NAME\", \"steps\": [{\"a\": {\"set\": {\"x\": 1}}}]}";
    rows.put(Route.PUBLISH_FLOW, row(Reach.FLOW, "flow:create", text.replace("NAME", "NEW")));
    rows.put(Route.LIST_FLOWS, row(Reach.SOME, "flow:read"));
    rows.put(Route.VALIDATE_FLOW, row(Reach.SOME, "flow:read", "{}"));
    rows.put(Route.GET_FLOW, row(Reach.FLOW, "flow:read"));
    rows.put(Route.UPDATE_FLOW, row(Reach.FLOW, "flow:update", text.replace("NAME", "FLOW")));
    rows.put(Route.TEST_FLOW, row(Reach.FLOW, "flow:read", "{}"));
    rows.put(Route.DRY_RUN_FLOW, row(Reach.FLOW, "flow:read", "{}"));
    rows.put(Route.EXECUTE_FLOW, row(Reach.FLOW, "flow:execute", "{}"));
  }

  private static void catalog(Map<Route, AccessMatrix> rows) {
    String version = "{\"version\": \"1.0.0\"}";
    rows.put(Route.LIST_VERSIONS, row(Reach.FLOW, "flow:read"));
    rows.put(Route.GET_VERSION, row(Reach.FLOW, "flow:read"));
    rows.put(Route.DIFF_FLOW, row(Reach.FLOW, "flow:read"));
    rows.put(Route.FLOW_FACETS, row(Reach.FLOW, "flow:read"));
    rows.put(Route.RETIRE_FLOW, row(Reach.FLOW, "flow:delete"));
    rows.put(Route.ROUTE_FLOW, row(Reach.FLOW, "flow:update", "{\"stable\": \"1.0.0\"}"));
    rows.put(Route.ACTIVATE_FLOW, row(Reach.FLOW, "flow:update", version));
    rows.put(Route.ROLLBACK_FLOW, row(Reach.FLOW, "flow:update", version));
    rows.put(Route.CLONE_FLOW, row(Reach.FLOW, "flow:create", "{\"name\": \"NEW\"}"));
    rows.put(Route.LIST_STEPS, row(Reach.SOME, "flow:read"));
    rows.put(Route.GET_STEP, row(Reach.SOME, "flow:read"));
    rows.put(Route.PUT_STEP, row(Reach.ALL, "flow:update", "{\"set\": {\"a\": 1}}"));
    rows.put(Route.DELETE_STEP, row(Reach.ALL, "flow:update"));
    rows.put(Route.LIST_TEMPLATES, row(Reach.SOME, "flow:read"));
    rows.put(Route.GET_TEMPLATE, row(Reach.SOME, "flow:read"));
    rows.put(
        Route.PUT_TEMPLATE,
        row(
            Reach.ALL,
            "flow:update",
            "{\"template\": \"FLOW\", \"flow\": {\"steps\": [{\"a\": {\"set\": {\"x\": 1}}}]}}"));
    rows.put(Route.DELETE_TEMPLATE, row(Reach.ALL, "flow:update"));
    rows.put(Route.INSTANTIATE_TEMPLATE, row(Reach.FLOW, "flow:create", "{\"name\": \"NEW\"}"));
  }

  private static void executions(Map<Route, AccessMatrix> rows) {
    rows.put(Route.LIST_EXECUTIONS, row(Reach.SOME, "flow:read"));
    rows.put(Route.GET_EXECUTION, row(Reach.FLOW, "flow:read"));
    rows.put(Route.GET_HISTORY, row(Reach.FLOW, "flow:read"));
    rows.put(Route.EXPLAIN_EXECUTION, row(Reach.FLOW, "flow:read", "{\"expression\": \"1\"}"));
    rows.put(Route.CANCEL_EXECUTION, row(Reach.FLOW, "flow:execute", "{}"));
    rows.put(Route.PAUSE_EXECUTION, row(Reach.FLOW, "flow:execute", "{}"));
    rows.put(Route.RESUME_EXECUTION, row(Reach.FLOW, "flow:execute", "{}"));
    String bulk = "{\"action\": \"cancel\", \"query\": {\"flow\": \"FLOW\"}, \"dry_run\": true}";
    rows.put(Route.ORDER_BULK, row(Reach.FLOW, "flow:execute", bulk));
    rows.put(Route.GET_BULK, row(Reach.FLOW, "flow:execute"));
    rows.put(Route.CONTINUE_BULK, row(Reach.FLOW, "flow:execute"));
    rows.put(Route.STOP_BULK, row(Reach.FLOW, "flow:execute"));
    rows.put(Route.LIST_FAILURES, row(Reach.SOME, "flow:read"));
    rows.put(Route.FOLLOW_EXECUTION, row(Reach.FLOW, "flow:read"));
    rows.put(Route.RETRY_EXECUTION, row(Reach.FLOW, "flow:execute", "{}"));
    rows.put(Route.RERUN_EXECUTION, row(Reach.FLOW, "flow:execute", "{}"));
    rows.put(Route.ROLLBACK_EXECUTION, row(Reach.FLOW, "flow:execute", "{\"to\": \"x\"}"));
    rows.put(
        Route.REVEAL_EXECUTION,
        row(Reach.ALL, "flow:admin", "{\"revision\": 1, \"reason\": \"asked for\"}"));
    rows.put(Route.COMPLETE_STEP, row(Reach.FLOW, "flow:execute", "{}"));
    rows.put(Route.FAIL_STEP, row(Reach.FLOW, "flow:execute", "{}"));
    rows.put(Route.SKIP_STEP, row(Reach.FLOW, "flow:execute", "{}"));
    rows.put(Route.SEND_SIGNAL, row(Reach.FLOW, "flow:execute", "{}"));
  }

  private static void rest(Map<Route, AccessMatrix> rows) {
    rows.put(Route.SEND_EVENT, row(Reach.ALL, "flow:execute", "{\"type\": \"t\"}"));
    rows.put(Route.LIST_APPROVALS, row(Reach.SOME, "flow:execute"));
    rows.put(Route.LIST_SCHEDULES, row(Reach.SOME, "flow:read"));
    rows.put(Route.LIST_ADAPTERS, row(Reach.SOME, "flow:read"));
    rows.put(Route.GET_ADAPTER, row(Reach.SOME, "flow:read"));
    rows.put(
        Route.PUT_ADAPTER,
        row(
            Reach.ALL,
            "flow:admin",
            "{\"adapter\": \"greeter\", \"type\": \"sandbox\", \"actions\": {\"a\": {}}}"));
    rows.put(Route.DELETE_ADAPTER, row(Reach.ALL, "flow:admin"));
    rows.put(Route.LIST_ADAPTER_REVISIONS, row(Reach.SOME, "flow:read"));
    rows.put(Route.CALL_ADAPTER, row(Reach.ALL, "flow:admin", "{\"action\": \"a\"}"));
    rows.put(Route.GET_ADAPTER_HEALTH, row(Reach.SOME, "flow:read"));
    rows.put(Route.SET_CIRCUIT, row(Reach.ALL, "flow:admin", "{\"state\": \"CLOSED\"}"));
    rows.put(Route.ANALYZE_FLOW, row(Reach.FLOW, "flow:read"));
    rows.put(Route.LIST_AUDIT, row(Reach.ALL, "flow:admin"));
    rows.put(Route.VERIFY_AUDIT, row(Reach.ALL, "flow:admin"));
    rows.put(Route.EXPORT_AUDIT, row(Reach.ALL, "flow:admin"));
    rows.put(Route.ME, row(Reach.CALLER, ""));
    rows.put(Route.OPENAPI, row(Reach.OPEN, ""));
    rows.put(Route.FLOW_SCHEMA, row(Reach.OPEN, ""));
    rows.put(Route.HEALTH, row(Reach.OPEN, ""));
    rows.put(Route.HOOK, row(Reach.OTHERWISE, "flow:execute", "{}"));
    rows.put(Route.CALLBACK, row(Reach.OPEN, "", "{}"));
    rows.put(Route.GET_APPROVAL, row(Reach.OTHERWISE, "flow:read"));
    rows.put(
        Route.DECIDE_APPROVAL, row(Reach.OTHERWISE, "flow:execute", "{\"decision\": \"approve\"}"));
  }

  private static AccessMatrix row(Reach reach, String permission) {
    return row(reach, permission, null);
  }

  private static AccessMatrix row(Reach reach, String permission, String body) {
    return new AccessMatrix(reach, permission, body);
  }
}
