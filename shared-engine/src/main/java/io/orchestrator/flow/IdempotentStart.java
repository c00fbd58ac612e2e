package io.orchestrator.flow;

import io.orchestrator.expression.Expression;

/**
 * Makes a flow start once for a key.
 *
 * @param key null there: this start may happen again
 * @param ttl how long the key is remembered
 */
public record IdempotentStart(Expression key, TimeSpan ttl) {}
