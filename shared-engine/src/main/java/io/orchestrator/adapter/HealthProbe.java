package io.orchestrator.adapter;

import io.orchestrator.execution.Failure;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks services how they are. It goes the way of every call to the wire, with the definition's
 * headers and secrets, but past circuit and limit: it is not a call of anybody's. Any number of
 * threads.
 */
public final class HealthProbe {
  private static final Logger LOG = LoggerFactory.getLogger(HealthProbe.class);

  /** A health check belongs to no execution. */
  private static final UUID NONE = new UUID(0, 0);

  private final AdapterType http;
  private final Secrets secrets;
  private final InstantSource clock;

  /**
   * @param http asks over HTTP, whatever type an adapter is of
   */
  public HealthProbe(AdapterType http, Secrets secrets, InstantSource clock) {
    this.http = http;
    this.secrets = secrets;
    this.clock = clock;
  }

  /**
   * What was found.
   *
   * @param status null: there was no answer
   * @param note why it is not well; empty if it is
   */
  public record Finding(boolean up, Integer status, Duration took, String note) {}

  /** Asks the service of a definition that has a health check. */
  public Finding ask(String tenant, Definition definition) {
    Vault vault = new Vault(tenant, secrets);
    long begun = System.nanoTime();
    try {
      Reply reply = http.call(question(tenant, definition, vault));
      Duration took = Duration.ofNanos(System.nanoTime() - begun);
      return switch (reply) {
        case Reply.Answered answered -> {
          boolean up = Statuses.isSuccess(answered.status());
          yield new Finding(
              up, answered.status(), took, up ? "" : "it answered " + answered.status());
        }
        case Reply.Failed(Failure failure) ->
            new Finding(
                false,
                failure.status() == 0 ? null : failure.status(),
                took,
                vault.mask(failure.message()));
      };
    } catch (Vault.MissingSecret | Secrets.Away secret) {
      return new Finding(false, null, since(begun), secret.getMessage());
    } catch (RuntimeException bug) {
      RuntimeException shown = new IllegalStateException(vault.mask(String.valueOf(bug)));
      shown.setStackTrace(bug.getStackTrace());
      LOG.error("The health check of {} broke", definition.adapter(), shown);
      return new Finding(false, null, since(begun), "the check broke inside the engine");
    }
  }

  private static Duration since(long begun) {
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  private Invocation question(String tenant, Definition definition, Vault vault) {
    Duration most = Limits.HEALTH_TIMEOUT_MAX;
    Duration timeout = definition.timeout().compareTo(most) > 0 ? most : definition.timeout();
    AdapterCall call =
        new AdapterCall(
            tenant,
            NONE,
            "",
            "health",
            1,
            definition.adapter(),
            "health",
            Map.of(),
            "health/" + definition.adapter(),
            timeout,
            null,
            false,
            null,
            null,
            null);
    Action action = definition.safeguards().health().action();
    return new Invocation(call, definition, action, vault, timeout, clock.instant());
  }
}
