package io.orchestrator.flow;

/** Says what names mean when a version is published, outside of the flow's own definitions. */
public interface Names {
  /**
   * A bare name: library step, {@code adapter.action}, adapter, action of exactly one adapter,
   * flow, in this order.
   */
  Meaning bare(String name);

  /** A library step. */
  Meaning definition(String name);

  /**
   * An adapter's action.
   *
   * @param action empty for the default one
   */
  Meaning call(String adapter, String action);

  /** What a name means. */
  sealed interface Meaning {
    /** An action. */
    record Action(String adapter, String action) implements Meaning {}

    /** A library step; {@code body} is plain data as in a flow's {@code define}. */
    record Definition(String name, Object body) implements Meaning {}

    /** A flow. */
    record SubFlow(String name) implements Meaning {}

    /** Nothing, or too much. */
    record Missing(Code code, String message, String hint) implements Meaning {}
  }
}
