package io.orchestrator.store;

/** What became of a wish to create or publish a flow. */
public sealed interface FlowWrite {
  /** It is done. */
  record Made(FlowRow flow) implements FlowWrite {}

  /** The name is taken, or the flow is not at the expected revision. */
  record Refused() implements FlowWrite {}

  /** Another flow listens at that webhook path. */
  record PathTaken(String path, String flow) implements FlowWrite {}

  /** It uses a flow that was retired a moment ago. */
  record UsesRetired(String flow) implements FlowWrite {}

  /** The key was used for the same request, which was answered like this. */
  record Repeated(String answer) implements FlowWrite {}

  /** The key was used for another request. */
  record KeyReused() implements FlowWrite {}
}
