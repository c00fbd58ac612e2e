package io.orchestrator.adapter.llm;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/**
 * One turn, as every provider can be asked for it.
 *
 * @param system empty without
 * @param temperature null: the model's own
 * @param shape of the data that is wanted; null for text
 * @param options of the provider, sent as they are
 */
record Prompt(
    String model,
    String system,
    List<Message> messages,
    long maxTokens,
    BigDecimal temperature,
    AnswerShape shape,
    Map<String, Object> options) {

  /** What somebody said: {@code user} or {@code assistant}. */
  record Message(String role, String text) {}
}
