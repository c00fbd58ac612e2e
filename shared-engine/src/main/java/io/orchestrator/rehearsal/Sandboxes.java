package io.orchestrator.rehearsal;

import io.orchestrator.adapter.Action;
import io.orchestrator.adapter.AdapterCall;
import io.orchestrator.adapter.Adapters;
import io.orchestrator.adapter.Answer;
import io.orchestrator.adapter.Definition;
import io.orchestrator.adapter.Definitions;
import io.orchestrator.adapter.InputSchema;
import io.orchestrator.adapter.sandbox.Pace;
import io.orchestrator.adapter.sandbox.SandboxType;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** The adapters of a tenant in virtual time: only sandboxes answer. One thread. */
final class Sandboxes {
  private static final String TYPE = "sandbox";

  private final Definitions definitions;
  private final String tenant;
  private final VirtualPace pace = new VirtualPace();
  private final Adapters adapters;

  Sandboxes(Definitions definitions, String tenant, InstantSource clock) {
    this.definitions = definitions;
    this.tenant = tenant;
    this.adapters =
        new Adapters(
            definitions,
            Map.of(TYPE, new SandboxType(pace)),
            (owner, name) -> "the secret " + name,
            clock);
  }

  /**
   * What a sandbox said.
   *
   * @param took virtual time
   * @param callback null without
   */
  record Said(Answer answer, Duration took, Callback callback) {}

  /** A callback that a sandbox's script asks for. */
  record Callback(Duration after, Object body, boolean error) {}

  /** Whether calls of that adapter are answered here. */
  boolean has(String adapter) {
    Definition definition = definitions.find(tenant, adapter);
    return definition != null && definition.type().equals(TYPE);
  }

  Said call(AdapterCall call) {
    pace.begin();
    Answer answer = adapters.call(call);
    return new Said(answer, pace.spent, pace.callback);
  }

  /** How long a call may take. */
  Duration timeout(String adapter, String action, Duration ofStep) {
    Definition definition = definitions.find(tenant, adapter);
    if (ofStep != null || definition == null) {
      return ofStep == null ? Limits.CALL_MAX : ofStep;
    }
    Action called = definition.action(action);
    return called == null || called.timeout() == null ? definition.timeout() : called.timeout();
  }

  /** Why the real adapter would refuse these params; empty if it would not. */
  String misfit(String adapter, String action, Object params) {
    Definition definition = definitions.find(tenant, adapter);
    Action called = definition == null ? null : definition.action(action);
    if (called == null || called.input() == null) {
      return "";
    }
    List<InputSchema.Misfit> misfits = called.input().misfits(params);
    return misfits.isEmpty()
        ? ""
        : "params"
            + misfits.getFirst().path()
            + " do not fit "
            + adapter
            + "."
            + called.name()
            + ": "
            + misfits.getFirst().message();
  }

  /** Keeps what a script asks for instead of doing it. */
  private static final class VirtualPace implements Pace {
    private Duration spent = Duration.ZERO;
    private Callback callback;

    void begin() {
      spent = Duration.ZERO;
      callback = null;
    }

    @Override
    public boolean spend(Duration time) {
      spent = spent.plus(time);
      return true;
    }

    @Override
    public void callBack(Duration after, Object body, boolean error, String url) {
      callback = new Callback(after, body, error);
    }
  }
}
