package io.orchestrator.catalog;

import io.orchestrator.expression.Json;
import io.orchestrator.flow.Code;
import io.orchestrator.flow.Document;
import io.orchestrator.flow.Node;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Problem;
import io.orchestrator.flow.Problems;
import io.orchestrator.flow.Trigger;
import io.orchestrator.store.FlowRoutes;
import io.orchestrator.store.FlowRow;
import io.orchestrator.store.FlowRows;
import io.orchestrator.store.FlowWrite;
import java.util.List;
import java.util.Optional;

/** Says which versions of a flow starts take, and retires flows. */
public final class Routes {
  private final Catalog catalog;
  private final FlowRows rows;

  public Routes(Catalog catalog, FlowRows rows) {
    this.catalog = catalog;
    this.rows = rows;
  }

  /** What became of a wish to change a route. */
  public sealed interface Change {
    /** It is changed. */
    record Done(FlowRow flow) implements Change {}

    /** The flow has moved on to another revision. */
    record Stale(int revision) implements Change {}

    /** There is no such flow. */
    record NoFlow() implements Change {}

    /** The flow has no such version. */
    record NoVersion(String version) implements Change {}

    /** Nothing says which version was there before. */
    record NothingBefore() implements Change {}

    /** The route is wrong. */
    record Invalid(List<Problem> errors) implements Change {}

    /** Another flow listens at that webhook path. */
    record HookTaken(String path, String flow) implements Change {}

    /** Other flows use it. */
    record InUse(List<String> users) implements Change {}
  }

  /**
   * Sets the route that a text describes.
   *
   * @param expected the flow's revision, or {@link FlowRows#ANY}
   */
  public Change set(String tenant, String flow, int expected, byte[] text, String by) {
    Optional<FlowRow> row = catalog.get(tenant, flow);
    if (row.isEmpty()) {
      return new Change.NoFlow();
    }
    Problems problems = new Problems();
    Document document = Document.read(text, problems);
    if (document != null && !(document.root() instanceof Node.Mapping)) {
      problems.error(
          Code.WRONG_TYPE,
          document.root().spot(),
          "a route must be a map, not " + document.root().described(),
          "{\"stable\": \"1.0.0\"}");
    }
    if (!problems.none()) {
      return new Change.Invalid(problems.errors());
    }
    RouteWish wish =
        new RouteReader(flow, version -> plan(tenant, flow, version), problems)
            .read((Node.Mapping) document.root(), row.get().stable());
    return problems.none()
        ? set(tenant, flow, expected, wish, by)
        : new Change.Invalid(problems.errors());
  }

  private Plan plan(String tenant, String flow, String version) {
    return catalog.plan(tenant, flow, version).orElse(null);
  }

  /** Lets all starts take that version. */
  public Change activate(String tenant, String flow, int expected, String version, String by) {
    if (catalog.get(tenant, flow).isEmpty()) {
      return new Change.NoFlow();
    }
    return catalog.plan(tenant, flow, version).isEmpty()
        ? new Change.NoVersion(version)
        : set(tenant, flow, expected, RouteWish.all(version), by);
  }

  /**
   * Goes back.
   *
   * @param version null: without the canary if there is one, else to the version before the stable
   *     one
   */
  public Change rollback(String tenant, String flow, int expected, String version, String by) {
    if (version != null) {
      return activate(tenant, flow, expected, version, by);
    }
    Optional<FlowRow> row = catalog.get(tenant, flow);
    if (row.isEmpty()) {
      return new Change.NoFlow();
    }
    String back = row.get().canary() == null ? row.get().previous() : row.get().stable();
    if (back == null) {
      return new Change.NothingBefore();
    }
    // What was looked at is what is changed: of two at once, the second must not go back twice.
    int seen = expected == FlowRows.ANY ? row.get().revision() : expected;
    return activate(tenant, flow, seen, back, by);
  }

  private Change set(String tenant, String flow, int expected, RouteWish wish, String by) {
    String canary = wish.canary() == null ? null : Json.write(wish.canary());
    FlowRoutes.Route route =
        new FlowRoutes.Route(
            wish.stable(),
            canary,
            wish.trial(),
            paths(tenant, flow, wish.stable()),
            Timetable.rows(triggers(tenant, flow, wish.stable())),
            by);
    FlowWrite write = rows.routes().route(tenant, flow, expected, route);
    catalog.forget(tenant, flow);
    return switch (write) {
      case FlowWrite.Made made -> new Change.Done(made.flow());
      case FlowWrite.Refused ignored -> stale(tenant, flow);
      case FlowWrite.PathTaken taken -> new Change.HookTaken(taken.path(), taken.flow());
      case FlowWrite.UsesRetired _, FlowWrite.Repeated _, FlowWrite.KeyReused _ ->
          throw new IllegalStateException("a route is not answered with " + write);
    };
  }

  private Change stale(String tenant, String flow) {
    return catalog
        .get(tenant, flow)
        .<Change>map(row -> new Change.Stale(row.revision()))
        .orElseGet(Change.NoFlow::new);
  }

  private List<String> paths(String tenant, String flow, String version) {
    return triggers(tenant, flow, version).stream()
        .filter(Trigger.Webhook.class::isInstance)
        .map(trigger -> ((Trigger.Webhook) trigger).path())
        .distinct()
        .toList();
  }

  private List<Trigger> triggers(String tenant, String flow, String version) {
    return version == null
        ? List.of()
        : catalog.published(tenant, flow, version).map(Published::triggers).orElse(List.of());
  }

  /** Retires a flow that no other one uses; what runs goes on. */
  public Change retire(String tenant, String flow, int expected, String by) {
    if (catalog.get(tenant, flow).isEmpty()) {
      return new Change.NoFlow();
    }
    FlowRoutes.Retirement retirement = rows.routes().retire(tenant, flow, expected, by);
    catalog.forget(tenant, flow);
    return switch (retirement) {
      case FlowRoutes.Retirement.Done done -> new Change.Done(done.flow());
      case FlowRoutes.Retirement.Refused ignored -> stale(tenant, flow);
      case FlowRoutes.Retirement.InUse used -> new Change.InUse(used.users());
    };
  }
}
