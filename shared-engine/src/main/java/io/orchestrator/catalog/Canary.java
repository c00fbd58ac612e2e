package io.orchestrator.catalog;

import io.orchestrator.expression.Expression;
import io.orchestrator.expression.ExpressionException;
import io.orchestrator.expression.Json;
import io.orchestrator.expression.JsonException;
import io.orchestrator.expression.Scope;
import io.orchestrator.expression.Sha256;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The version that some starts take instead of the stable one.
 *
 * @param share how many of {@link #BUCKETS} starts take it
 * @param key the same value always gets the same version; null: every start is on its own
 */
record Canary(String version, int share, Expression key) {
  /** Percents with two places. */
  static final int BUCKETS = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(Canary.class);
  private static final int HASH_DIGITS = 14;

  /** As a route keeps it; null if there is none, or if it cannot be read: starts go on without. */
  static Canary of(String flow, String stored) {
    if (stored == null) {
      return null;
    }
    try {
      Map<?, ?> data = (Map<?, ?>) Json.readStored(stored);
      int share = share(new BigDecimal(data.get("percent").toString()));
      Expression key = data.get("key") instanceof String text ? Expression.parse(text) : null;
      return new Canary((String) data.get("version"), share, key);
    } catch (JsonException | ExpressionException | ClassCastException | NumberFormatException e) {
      LOG.error("the canary of the flow {} cannot be read; it gets no starts", flow, e);
      return null;
    }
  }

  static int share(BigDecimal percent) {
    return percent.multiply(BigDecimal.valueOf(BUCKETS / 100)).intValue();
  }

  /** Whether a start takes it. */
  boolean takes(String flow, Object input, Map<String, Object> trigger, UUID execution) {
    Object value = value(input, trigger, execution);
    return bucket(flow, value == null ? execution.toString() : value) < share;
  }

  /** A start whose key has no value is on its own. */
  private Object value(Object input, Map<String, Object> trigger, UUID execution) {
    if (key == null) {
      return null;
    }
    Scope scope =
        new Scope(
            root ->
                switch (root) {
                  case "input" -> input;
                  case "trigger" -> trigger;
                  default -> null;
                },
            Instant.EPOCH,
            execution.toString());
    try {
      return key.evaluate(scope);
    } catch (ExpressionException broken) {
      LOG.debug("{} has no key for its route: {}", execution, broken.getMessage());
      return null;
    }
  }

  /** The same for the same key, in every process and at all times. */
  static int bucket(String flow, Object key) {
    String hash = Sha256.hex(flow + "\n" + Json.canonical(key));
    return (int) (Long.parseLong(hash.substring(0, HASH_DIGITS), 16) % BUCKETS);
  }
}
