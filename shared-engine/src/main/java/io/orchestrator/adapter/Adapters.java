package io.orchestrator.adapter;

import io.orchestrator.execution.Failure;
import io.orchestrator.expression.ExpressionException;
import io.orchestrator.expression.Json;
import io.orchestrator.expression.Scope;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one road of every call: definition, params against the schema, circuit, rate limit, secrets,
 * the wire, status, the action's rules, result; and if the service is away, the same for those who
 * stand in. It answers with a value whatever the service does; a bug of ours becomes the failure
 * {@code internal}.
 */
public final class Adapters {
  private static final Logger LOG = LoggerFactory.getLogger(Adapters.class);

  private final Definitions definitions;
  private final Map<String, AdapterType> types;
  private final Secrets secrets;
  private final InstantSource clock;
  private final Guards guards;

  /** Nobody watches. */
  public Adapters(
      Definitions definitions,
      Map<String, AdapterType> types,
      Secrets secrets,
      InstantSource clock) {
    this(definitions, types, secrets, clock, Watch.NONE);
  }

  /**
   * @param types by their names in definitions
   * @param clock of the host, for {@code now()} in a definition and dates in headers
   * @param watch is told of every call that was made; circuits and limits count for nothing
   */
  public Adapters(
      Definitions definitions,
      Map<String, AdapterType> types,
      Secrets secrets,
      InstantSource clock,
      Watch watch) {
    this(definitions, types, secrets, clock, Guards.none(watch));
  }

  /**
   * @param guards ask before a call and hear of its end
   */
  public Adapters(
      Definitions definitions,
      Map<String, AdapterType> types,
      Secrets secrets,
      InstantSource clock,
      Guards guards) {
    this.definitions = definitions;
    this.types = Map.copyOf(types);
    this.secrets = secrets;
    this.clock = clock;
    this.guards = guards;
  }

  /**
   * Makes the call and waits for its end, at most for its timeout. If the adapter is away, those of
   * its definition's {@code fallback} are called, in order, each within its own; if all are away,
   * the failure is the adapter's own.
   */
  public Answer call(AdapterCall call) {
    Answer own = callAlone(call);
    if (call.alone() || !StandIns.isAway(own)) {
      return own;
    }
    for (StandIns.StandIn other : standIns(call)) {
      Answer instead = callAlone(StandIns.call(call, other));
      if (!StandIns.isAway(instead)) {
        return StandIns.servedBy(instead, other.adapter());
      }
    }
    return own;
  }

  private List<StandIns.StandIn> standIns(AdapterCall call) {
    try {
      return StandIns.of(definitions, call.tenant(), call.adapter(), call.action());
    } catch (RuntimeException unread) {
      LOG.error("Who stands in for {} of {} is not known", call.adapter(), call.tenant(), unread);
      return List.of();
    }
  }

  private Answer callAlone(AdapterCall call) {
    Vault vault = new Vault(call.tenant(), secrets);
    try {
      return bound(call, vault);
    } catch (ExpressionException broken) {
      return refused(call, "expression", vault.mask(broken.getMessage()), false);
    } catch (Vault.MissingSecret missing) {
      return refused(call, "adapter_error", missing.getMessage(), false);
    } catch (Secrets.Away away) {
      return refused(call, "adapter_unavailable", away.getMessage(), true);
    } catch (RuntimeException bug) {
      // The stack tells where; the message of a library may hold what was sent, so it is masked.
      RuntimeException shown = new IllegalStateException(vault.mask(String.valueOf(bug)));
      shown.setStackTrace(bug.getStackTrace());
      LOG.error(
          "The call of {} for step {} of {} broke",
          call.adapter(),
          call.path(),
          call.execution(),
          shown);
      return refused(
          call, "internal", "the call of " + call.adapter() + " broke inside the engine", true);
    }
  }

  private Answer bound(AdapterCall call, Vault vault) {
    Definition definition = definitions.find(call.tenant(), call.adapter());
    if (definition == null) {
      return refused(call, "validation", "there is no adapter " + call.adapter(), false);
    }
    Action action = definition.action(call.action());
    if (action == null) {
      return refused(call, "validation", noAction(call), false);
    }
    AdapterType type = types.get(definition.type());
    if (type == null) {
      return refused(
          call,
          "adapter_error",
          "adapters of type " + definition.type() + " cannot be called here",
          false);
    }
    Failure misfit = misfit(call, definition, action);
    if (misfit != null) {
      return new Answer.Refused(misfit);
    }
    Duration timeout = timeout(call, definition, action);
    return switch (guards.admit(call.tenant(), definition, timeout)) {
      case Guards.Admission.Refused refused -> new Answer.Refused(refused.failure());
      case Guards.Admission.Admitted admitted ->
          made(
              type,
              admitted,
              new Invocation(call, definition, action, vault, timeout, clock.instant()));
    };
  }

  private Answer made(AdapterType type, Guards.Admission.Admitted admitted, Invocation invocation) {
    long begun = System.nanoTime();
    Reply reply = null;
    try {
      reply = type.call(invocation);
    } finally {
      guards.ended(invocation.call().tenant(), invocation.definition(), admitted, reply);
    }
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    Answer answer = answer(invocation, reply);
    guards.watch().called(invocation, reply, answer, took);
    return answer;
  }

  private static String noAction(AdapterCall call) {
    return call.action() == null
        ? "the adapter " + call.adapter() + " has no default action"
        : "the adapter " + call.adapter() + " has no action " + call.action();
  }

  private static Duration timeout(AdapterCall call, Definition definition, Action action) {
    Duration wanted = action.timeout() == null ? definition.timeout() : action.timeout();
    wanted = call.timeout() == null ? wanted : call.timeout();
    Duration most =
        call.atMost() != null && call.atMost().compareTo(Limits.TIMEOUT_MAX) < 0
            ? call.atMost()
            : Limits.TIMEOUT_MAX;
    return wanted.compareTo(most) > 0 ? most : wanted;
  }

  private static Failure misfit(AdapterCall call, Definition definition, Action action) {
    Object params = call.params();
    if (params instanceof Map<?, ?> map && map.containsKey(Script.KEY)) {
      if (!definition.type().equals(Script.TYPE)) {
        return failure(
            call,
            "validation",
            Script.KEY + " is for sandbox adapters, and " + call.adapter() + " is none");
      }
      params = Script.without(map);
    }
    if (action.input() == null) {
      return null;
    }
    List<InputSchema.Misfit> misfits = action.input().misfits(params);
    if (misfits.isEmpty()) {
      return null;
    }
    List<Object> data =
        misfits.stream().limit(Limits.PROBLEMS_MAX).<Object>map(Adapters::data).toList();
    InputSchema.Misfit first = misfits.getFirst();
    String message =
        "params"
            + first.path()
            + " of "
            + call.adapter()
            + "."
            + action.name()
            + ": "
            + first.message();
    return new Failure(
        "validation", message, 0, false, call.adapter(), Map.of("errors", data), null);
  }

  private static Map<String, Object> data(InputSchema.Misfit misfit) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("path", misfit.path());
    data.put("message", misfit.message());
    return data;
  }

  private static Answer answer(Invocation invocation, Reply reply) {
    return switch (reply) {
      case Reply.Failed failed ->
          new Answer.Refused(masked(named(failed.failure(), invocation), invocation.vault()));
      case Reply.Answered answered -> judged(invocation, answered);
    };
  }

  private static Answer judged(Invocation invocation, Reply.Answered answered) {
    Definition definition = invocation.definition();
    Action action = invocation.action();
    boolean success = Statuses.isSuccess(answered.status());
    Object params = invocation.vault().mask(invocation.call().params());
    Scope scope = invocation.scope(params, answered.toData());
    Failure byStatus =
        success
            ? Statuses.success(answered, definition, action)
            : Statuses.failure(answered, definition, action, invocation.now());
    Failure byRule = Rules.failure(action.errors(), scope, byStatus, success);
    if (byRule != null || !success) {
      return new Answer.Refused(masked(byRule == null ? byStatus : byRule, invocation.vault()));
    }
    Object output = action.output() == null ? answered.body() : action.output().fill(scope);
    Object result = invocation.vault().mask(output);
    if (Json.bytes(result, Limits.RESULT_BYTES_MAX) > Limits.RESULT_BYTES_MAX) {
      String message =
          "the result of " + definition.adapter() + "." + action.name() + " is over 256 KiB";
      return refused(invocation.call(), "payload_too_large", message, false);
    }
    AdapterCall call = invocation.call();
    boolean later = call.awaits() || (answered.status() == 202 && call.callbackUrl() != null);
    return later ? new Answer.Later(result) : new Answer.Done(result, definition.adapter());
  }

  private static Failure named(Failure failure, Invocation invocation) {
    return new Failure(
        failure.type(),
        failure.message(),
        failure.status(),
        failure.retryable(),
        invocation.definition().adapter(),
        failure.data(),
        failure.retryAfter());
  }

  private static Failure masked(Failure failure, Vault vault) {
    return new Failure(
        failure.type(),
        vault.mask(failure.message()),
        failure.status(),
        failure.retryable(),
        failure.adapter(),
        vault.mask(failure.data()),
        failure.retryAfter());
  }

  private static Failure failure(AdapterCall call, String type, String message) {
    return new Failure(type, message, 0, false, call.adapter(), null, null);
  }

  private static Answer refused(AdapterCall call, String type, String message, boolean retryable) {
    return new Answer.Refused(new Failure(type, message, 0, retryable, call.adapter(), null, null));
  }
}
