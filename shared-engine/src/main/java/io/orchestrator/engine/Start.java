package io.orchestrator.engine;

import io.orchestrator.flow.Problem;
import java.util.List;
import java.util.UUID;

/** What became of a wish to start a flow. */
public sealed interface Start {
  /** It is stored and will run. */
  record Accepted(UUID id, String flow, String version, String status) implements Start {}

  /** The same request was accepted before; this is its execution. */
  record Repeated(UUID id, String flow, String version, String status) implements Start {}

  /** The key was used before for another request. */
  record KeyReused() implements Start {}

  /** There is no such flow or version. */
  record NoSuchFlow(String why) implements Start {}

  /** Its flow lets only so many be at work at the same time, and refuses more. */
  record NoRoom(int limit) implements Start {}

  /** The input is not what the flow takes. */
  record BadInput(List<Problem> problems) implements Start {}
}
