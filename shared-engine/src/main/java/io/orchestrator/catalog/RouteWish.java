package io.orchestrator.catalog;

import io.orchestrator.store.FlowRoutes;
import java.util.Map;

/**
 * Which versions starts are to take from now on.
 *
 * @param stable null: none
 * @param canary as it was written; null without one
 * @param trial what that means; null without one
 */
public record RouteWish(String stable, Map<String, Object> canary, FlowRoutes.Trial trial) {
  /** One version for all starts. */
  public static RouteWish all(String version) {
    return new RouteWish(version, null, null);
  }
}
