package io.orchestrator.functions;

import io.orchestrator.adapter.Guards;
import io.orchestrator.adapter.Watch;
import io.orchestrator.adapter.guard.Circuits;
import io.orchestrator.adapter.guard.Rates;
import io.orchestrator.cache.Cache;
import io.orchestrator.cache.CachedText;
import io.orchestrator.cache.Seal;
import io.orchestrator.catalog.TenantCircuits;

/** What stands before the calls of this process, put together. */
final class Guarding {
  private final TenantCircuits orders;
  private final Guards guards;

  Guarding(Stores stores, Cache cache, Seal seal, Watch watch) {
    this.orders = new TenantCircuits(stores.circuits(), CachedText.circuits(cache, seal));
    this.guards = new Guards(orders, Circuits.in(cache), Rates.in(cache), watch);
  }

  Guards guards() {
    return guards;
  }

  /** Circuits that somebody has opened. */
  TenantCircuits orders() {
    return orders;
  }
}
