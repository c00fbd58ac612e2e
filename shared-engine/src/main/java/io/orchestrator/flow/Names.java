package io.orchestrator.flow;

import io.orchestrator.expression.Type;
import java.util.Map;
import java.util.Set;

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

  /**
   * Another flow.
   *
   * @param range of its versions ({@code 1.2.0}, {@code ^1.2}, {@code ~1.2.3}); empty: its current
   *     one
   */
  Meaning flow(String name, String range);

  /** What an action gives, as far as it is known. */
  default Type result(String adapter, String action) {
    return Type.ANY;
  }

  /** The JSON Schema that the params of an action must fit; null if anything does. */
  default Map<String, Object> params(String adapter, String action) {
    return null;
  }

  /** What a name means. */
  sealed interface Meaning {
    /** An action. */
    record Action(String adapter, String action) implements Meaning {}

    /** A library step; {@code body} is plain data as in a flow's {@code define}. */
    record Definition(String name, Object body) implements Meaning {}

    /**
     * A flow.
     *
     * @param version that is taken from now on; empty if none is fixed
     * @param calls names of the flows that it calls in turn, however deep
     */
    record SubFlow(String name, String version, Set<String> calls) implements Meaning {}

    /** Nothing, or too much. */
    record Missing(Code code, String message, String hint) implements Meaning {}
  }
}
