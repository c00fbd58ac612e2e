package io.orchestrator.functions;

import io.orchestrator.catalog.Catalog;
import io.orchestrator.catalog.Routes;
import io.orchestrator.store.FlowRow;
import io.orchestrator.store.FlowRows;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code /flows/{flow}/route}, {@code /activate}, {@code /rollback} and {@code DELETE}: which
 * versions starts take, and when none do any more.
 */
final class RoutingResource {
  private final Catalog catalog;
  private final Routes routes;

  RoutingResource(Catalog catalog) {
    this.catalog = catalog;
    this.routes = catalog.routes();
  }

  Reply route(Visit visit) {
    byte[] text = Body.definition(visit.request()).text();
    int expected = required(visit);
    return answer(visit, routes.set(visit.tenant(), name(visit), expected, text, by(visit)));
  }

  Reply activate(Visit visit) {
    Map<String, Object> body = Body.object(visit.request(), List.of("version"));
    String version = version(body);
    if (version == null) {
      throw Refusal.invalid("missing_key", "The version is missing", "{\"version\": \"1.0.0\"}");
    }
    int expected = wished(visit);
    return answer(
        visit, routes.activate(visit.tenant(), name(visit), expected, version, by(visit)));
  }

  /** One call, so that nobody in a hurry needs two: {@code If-Match} counts, but may be missing. */
  Reply rollback(Visit visit) {
    String version = version(Body.object(visit.request(), List.of("version")));
    int expected = wished(visit);
    return answer(
        visit, routes.rollback(visit.tenant(), name(visit), expected, version, by(visit)));
  }

  Reply retire(Visit visit) {
    int expected = required(visit);
    Reply done = answer(visit, routes.retire(visit.tenant(), name(visit), expected, by(visit)));
    return Reply.none().with("etag", done.headers().get("etag"));
  }

  private static String version(Map<String, Object> body) {
    Object version = body.get("version");
    if (version == null || version instanceof String) {
      return (String) version;
    }
    throw Refusal.invalid("wrong_type", "The version must be a text", "{\"version\": \"1.0.0\"}");
  }

  private static String name(Visit visit) {
    return visit.path().get("flow");
  }

  private static String by(Visit visit) {
    return visit.caller().subject();
  }

  /** The revision that a change follows, which it must name. */
  private int required(Visit visit) {
    int revision = flow(visit).revision();
    Preconditions.check(visit.request(), "the flow " + name(visit), revision);
    return visit.request().header("if-match").contains("*") ? FlowRows.ANY : revision;
  }

  /** The same of a change that may leave it out. */
  private int wished(Visit visit) {
    return visit.request().header("if-match").isEmpty() ? FlowRows.ANY : required(visit);
  }

  private FlowRow flow(Visit visit) {
    return catalog.get(visit.tenant(), name(visit)).orElseThrow(() -> noFlow(visit));
  }

  private static Refusal noFlow(Visit visit) {
    return Refusal.notFound("There is no flow " + name(visit));
  }

  private static Reply answer(Visit visit, Routes.Change change) {
    return switch (change) {
      case Routes.Change.Done done -> routed(done.flow());
      case Routes.Change.Stale stale ->
          throw Preconditions.stale("the flow " + name(visit), stale.revision());
      case Routes.Change.NoFlow ignored -> throw noFlow(visit);
      case Routes.Change.NoVersion none -> throw FlowView.noVersion(name(visit), none.version());
      case Routes.Change.NothingBefore ignored ->
          throw new Refusal(
              409,
              "nothing_before",
              "No other version of the flow " + name(visit) + " was active before");
      case Routes.Change.Invalid invalid -> throw Refusal.invalid(invalid.errors());
      case Routes.Change.HookTaken hook -> throw FlowView.hookTaken(hook.path(), hook.flow());
      case Routes.Change.InUse used ->
          throw new Refusal(
                  409,
                  "in_use",
                  "The flow "
                      + name(visit)
                      + " is used by "
                      + String.join(", ", used.users())
                      + "; publish them without it, or retire them, first")
              .member("used_by", used.users());
    };
  }

  private static Reply routed(FlowRow flow) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("flow", flow.flow());
    data.put("revision", (long) flow.revision());
    data.put("route", FlowView.route(flow));
    data.put("previous", flow.previous());
    return Reply.json(200, data).with("etag", Preconditions.etag(flow.revision()));
  }
}
