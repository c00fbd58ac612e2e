package io.orchestrator.catalog;

import io.orchestrator.flow.Trigger;
import io.orchestrator.store.FlowRow;
import io.orchestrator.store.FlowRows;
import java.time.Duration;
import java.util.Optional;

/** Finds which flow listens at a webhook path. */
public final class Hooks {
  private static final int PATHS_MAX = 1_000;

  /** Less than a second: that is how soon a publication counts everywhere. */
  private static final Duration KEPT = Duration.ofMillis(800);

  private final Catalog catalog;
  private final FlowRows rows;
  private final Recent<Path, Optional<Found>> found = new Recent<>(PATHS_MAX, KEPT);

  private record Path(String tenant, String path) {}

  /** A flow, its stable version, and the trigger of that version that listens. */
  public record Found(String flow, String version, Trigger.Webhook trigger) {}

  public Hooks(Catalog catalog, FlowRows rows) {
    this.catalog = catalog;
    this.rows = rows;
  }

  /** Who listens there; versions that are not stable do not. */
  public Optional<Found> find(String tenant, String path) {
    return found.get(new Path(tenant, path), () -> search(tenant, path));
  }

  private Optional<Found> search(String tenant, String path) {
    return rows.hook(tenant, path)
        .flatMap(flow -> rows.get(tenant, flow))
        .filter(flow -> !flow.isRetired() && flow.stable() != null)
        .flatMap(flow -> listener(tenant, flow, path));
  }

  private Optional<Found> listener(String tenant, FlowRow flow, String path) {
    return catalog.published(tenant, flow.flow(), flow.stable()).stream()
        .flatMap(published -> published.triggers().stream())
        .filter(trigger -> trigger instanceof Trigger.Webhook hook && hook.path().equals(path))
        .map(trigger -> new Found(flow.flow(), flow.stable(), (Trigger.Webhook) trigger))
        .findFirst();
  }
}
