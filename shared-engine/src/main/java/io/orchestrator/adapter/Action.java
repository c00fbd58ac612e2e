package io.orchestrator.adapter;

import io.orchestrator.expression.Expression;
import io.orchestrator.expression.Template;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Something an adapter can do.
 *
 * @param method upper case
 * @param body what is sent; null: the params that neither path nor query took
 * @param query null: for a GET, the params that the path did not take
 * @param input what the params must be; null: anything
 * @param output maps {@code $response} to the result; null: the response's body
 * @param errors the first that fits makes the answer a failure
 * @param idempotent false: a call that timed out is not made again
 * @param timeout of an attempt; null: the adapter's
 * @param answer what a sandbox answers; null: its params
 * @param result the schema of the result, for those who use it; nobody checks it at the call. Null:
 *     unknown
 */
public record Action(
    String name,
    String title,
    String method,
    PathTemplate path,
    Template body,
    Map<String, Template> query,
    Map<String, Template> headers,
    InputSchema input,
    Template output,
    List<ErrorRule> errors,
    boolean idempotent,
    Duration timeout,
    Template answer,
    Map<String, Object> result) {

  /**
   * When an answer is a failure of the adapter's own.
   *
   * @param type with the adapter's name before it
   * @param message null: says what was answered
   * @param retryable null: as the status would be
   */
  public record ErrorRule(Expression when, String type, Template message, Boolean retryable) {}
}
