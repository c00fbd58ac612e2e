package io.orchestrator.catalog;

import io.orchestrator.flow.Trigger;
import io.orchestrator.store.FlowRow;
import io.orchestrator.store.FlowRows;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Finds which flow listens at a webhook path. */
public final class Hooks {
  private static final int PAGE = 100;
  private static final int PATHS_MAX = 1_000;
  private static final Duration KEPT = Duration.ofSeconds(1);

  private final Catalog catalog;
  private final Recent<Path, Optional<Found>> found = new Recent<>(PATHS_MAX, KEPT);

  private record Path(String tenant, String path) {}

  /** A flow, its current version, and the trigger that listens. */
  public record Found(String flow, String version, Trigger.Webhook trigger) {}

  public Hooks(Catalog catalog) {
    this.catalog = catalog;
  }

  /** Who listens there; versions that are not current do not. */
  public Optional<Found> find(String tenant, String path) {
    return found.get(new Path(tenant, path), () -> search(tenant, path));
  }

  /** Most paths are the flow's own name, which costs one look. */
  private Optional<Found> search(String tenant, String path) {
    Optional<Found> named = listener(tenant, path, catalog.version(tenant, path), path);
    if (named.isPresent()) {
      return named;
    }
    String after = "";
    List<FlowRow> page;
    do {
      page = catalog.search(tenant, new FlowRows.Query(null, null, null, null, after, PAGE));
      for (FlowRow flow : page) {
        after = flow.flow();
        Optional<Found> other =
            listener(tenant, flow.flow(), Optional.ofNullable(flow.stable()), path);
        if (other.isPresent()) {
          return other;
        }
      }
    } while (page.size() == PAGE);
    return Optional.empty();
  }

  private Optional<Found> listener(
      String tenant, String flow, Optional<String> version, String path) {
    return version.flatMap(
        current ->
            catalog.published(tenant, flow, current).stream()
                .flatMap(published -> published.triggers().stream())
                .filter(
                    trigger -> trigger instanceof Trigger.Webhook hook && hook.path().equals(path))
                .map(trigger -> new Found(flow, current, (Trigger.Webhook) trigger))
                .findFirst());
  }
}
