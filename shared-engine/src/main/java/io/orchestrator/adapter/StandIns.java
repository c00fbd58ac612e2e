package io.orchestrator.adapter;

import io.orchestrator.execution.Failure;
import io.orchestrator.telemetry.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The calls that an adapter's own {@code fallback} makes in its place. */
public final class StandIns {
  /** With these the service did not look at the call at all, or nobody knows. */
  private static final Set<String> AWAY = Set.of("adapter_unavailable", "circuit_open");

  /** An adapter that can stand in, and what is asked of it. */
  public record StandIn(String adapter, String action) {}

  private StandIns() {}

  static boolean isAway(Answer answer) {
    return answer instanceof Answer.Refused(Failure failure) && AWAY.contains(failure.type());
  }

  /**
   * Who can stand in for an adapter, in order: those of its definition's {@code fallback} that the
   * tenant has, each with the same action, or with its default action if it has none of that name.
   */
  public static List<StandIn> of(
      Definitions definitions, String tenant, String adapter, String action) {
    Definition own = definitions.find(tenant, adapter);
    if (own == null || own.safeguards().fallback().isEmpty()) {
      return List.of();
    }
    String wanted = action == null ? own.defaultAction() : action;
    List<StandIn> all = new ArrayList<>();
    for (String name : own.safeguards().fallback()) {
      Definition other = definitions.find(tenant, name);
      boolean same = other != null && wanted != null && other.actions().containsKey(wanted);
      String called = same || other == null ? wanted : other.defaultAction();
      if (other != null && called != null) {
        all.add(new StandIn(name, called));
      }
    }
    return List.copyOf(all);
  }

  /** The same call of another adapter, for which nobody else stands in. */
  static AdapterCall call(AdapterCall call, StandIn instead) {
    String path = call.path() + "|" + instead.adapter();
    return new AdapterCall(
        call.tenant(),
        call.execution(),
        call.flow(),
        call.path(),
        call.attempt(),
        instead.adapter(),
        instead.action(),
        call.params(),
        call.idempotencyKey(),
        call.timeout(),
        call.atMost(),
        call.awaits(),
        call.callbackUrl(),
        call.callbackToken(),
        call.traceparent() == null
            ? null
            : Trace.ofCall(call.traceparent(), call.execution(), path, call.attempt()),
        true);
  }

  static Answer servedBy(Answer answer, String adapter) {
    return answer instanceof Answer.Later later
        ? new Answer.Later(later.answer(), adapter)
        : answer;
  }
}
