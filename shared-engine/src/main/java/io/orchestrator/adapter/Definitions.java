package io.orchestrator.adapter;

import java.util.Collection;

/**
 * Where definitions come from. A definition is live: the next call sees a change, within the time
 * it is cached.
 */
public interface Definitions {
  /** The tenant's adapter of that name; null if it has none. */
  Definition find(String tenant, String adapter);

  /** All that the tenant can use. */
  Collection<Definition> all(String tenant);

  /** These, and the others for names that these do not have. */
  default Definitions or(Definitions others) {
    return new Layered(this, others);
  }
}
