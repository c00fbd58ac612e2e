package io.orchestrator.catalog;

import io.orchestrator.flow.Problem;
import io.orchestrator.store.FlowRow;
import java.util.List;

/** What became of a wish to publish a text. */
public sealed interface Publication {
  /** It is the flow's new version. */
  record Done(FlowRow flow, String version, String hash, List<Problem> warnings)
      implements Publication {}

  /** It is the flow's latest version already. */
  record Same(FlowRow flow, String version, String hash, List<Problem> warnings)
      implements Publication {}

  /** It is kept as a draft, with what would keep it from being published. */
  record Drafted(FlowRow flow, List<Problem> errors, List<Problem> warnings)
      implements Publication {}

  /** It cannot be published. */
  record Invalid(List<Problem> errors) implements Publication {}

  /** There is a flow of that name. */
  record NameTaken(FlowRow flow) implements Publication {}

  /** The same was asked for with the same key before, and was answered like this. */
  record Repeated(String answer) implements Publication {}

  /** The key was used for another request. */
  record KeyReused() implements Publication {}

  /** The flow has moved on to another revision. */
  record Stale(int revision) implements Publication {}

  /** The version that the text names is not above the latest one. */
  record VersionNotAbove(String version, String latest) implements Publication {}

  /** Another flow listens at that webhook path. */
  record HookTaken(String path, String flow) implements Publication {}
}
