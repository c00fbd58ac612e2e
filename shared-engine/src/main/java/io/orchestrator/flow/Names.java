package io.orchestrator.flow;

import io.orchestrator.expression.Type;
import java.util.Map;

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

    /** A flow. */
    record SubFlow(String name) implements Meaning {}

    /** Nothing, or too much. */
    record Missing(Code code, String message, String hint) implements Meaning {}
  }
}
