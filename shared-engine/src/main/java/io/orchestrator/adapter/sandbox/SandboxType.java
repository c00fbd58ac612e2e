package io.orchestrator.adapter.sandbox;

import io.orchestrator.adapter.AdapterCall;
import io.orchestrator.adapter.AdapterType;
import io.orchestrator.adapter.Invocation;
import io.orchestrator.adapter.Reply;
import io.orchestrator.adapter.Script;
import io.orchestrator.adapter.http.Egress;
import io.orchestrator.execution.Failure;
import io.orchestrator.expression.Template;
import java.util.Map;

/**
 * Adapters of type {@code sandbox}: they reach nobody and answer what the definition says, or what
 * the step's params script under {@code $sandbox}. The same call is answered the same. For the
 * local stack only.
 */
public final class SandboxType implements AdapterType {
  private final Pace pace;

  /**
   * In the time of this machine.
   *
   * @param egress posts scripted callbacks
   */
  public SandboxType(Egress egress) {
    this(new Callbacks(egress));
  }

  /** In another time. */
  public SandboxType(Pace pace) {
    this.pace = pace;
  }

  @Override
  public Reply call(Invocation invocation) {
    Object given = invocation.call().params();
    Object params =
        invocation.vault().mask(given instanceof Map<?, ?> map ? Script.without(map) : given);
    Template template = invocation.action().answer();
    Object answer = template == null ? params : template.fill(invocation.scope(params));
    try {
      if (given instanceof Map<?, ?> map && map.containsKey(Script.KEY)) {
        return play(
            SandboxScript.read(invocation.vault().mask(map.get(Script.KEY)), answer), invocation);
      }
      if (answer instanceof Map<?, ?> map && map.containsKey(Script.KEY)) {
        return play(SandboxScript.read(map.get(Script.KEY), null), invocation);
      }
    } catch (IllegalArgumentException complaint) {
      return new Reply.Failed(Failure.fatal("validation", complaint.getMessage()));
    }
    return Reply.ok(answer);
  }

  private Reply play(SandboxScript script, Invocation invocation) {
    AdapterCall call = invocation.call();
    if (script.callback() != null && call.callbackUrl() == null) {
      throw new IllegalArgumentException("$sandbox.callback: this step awaits no callback");
    }
    boolean late = script.delay().compareTo(invocation.timeout()) > 0;
    if (!pace.spend(late ? invocation.timeout() : script.delay())) {
      return new Reply.Failed(Failure.temporary("interrupted", "the call was interrupted"));
    }
    if (late) {
      String message =
          call.adapter() + " gave no answer within " + invocation.timeout().toMillis() + " ms";
      boolean retryable = invocation.action().idempotent();
      return new Reply.Failed(
          new Failure("timeout", message, 0, retryable, call.adapter(), null, null));
    }
    if (script.failure() != null && call.attempt() <= script.failingAttempts()) {
      return new Reply.Failed(script.failure().apply(call.adapter()));
    }
    if (script.callback() != null) {
      SandboxScript.Callback callback = script.callback();
      pace.callBack(callback.after(), callback.body(), callback.error(), call.callbackUrl());
    }
    return Reply.ok(script.answer());
  }
}
