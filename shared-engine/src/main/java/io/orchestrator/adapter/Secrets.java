package io.orchestrator.adapter;

/** Where secrets are kept; a tenant reaches its own only. */
@FunctionalInterface
public interface Secrets {
  /**
   * The secret's value; null if the tenant has none of that name.
   *
   * @throws Away if nobody can say now
   */
  String value(String tenant, String name);

  /** The place where secrets are kept does not answer. */
  final class Away extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param why without any value
     */
    public Away(String why) {
      super(why, null, false, false);
    }
  }
}
