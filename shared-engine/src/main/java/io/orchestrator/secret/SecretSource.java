package io.orchestrator.secret;

/** A place where secrets are kept. Names are checked before they come here. */
public interface SecretSource extends AutoCloseable {

  /** A tenant's secret. */
  SecretLookup ofTenant(String tenant, String name);

  /** A secret of the system itself, out of every tenant's reach. */
  SecretLookup ofSystem(String name);

  @Override
  void close();
}
