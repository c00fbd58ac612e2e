package io.orchestrator.adapter.llm;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What models cost, for a million tokens each: {@code {input, output, cached_input}} by model, in
 * whatever currency the budgets are.
 */
record Prices(Map<String, Price> models) {
  private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);
  private static final Set<String> KEYS = Set.of("input", "output", "cached_input");

  /** Of one model. */
  record Price(BigDecimal input, BigDecimal cached, BigDecimal output) {
    BigDecimal of(Tokens tokens) {
      BigDecimal sum =
          input
              .multiply(BigDecimal.valueOf(tokens.input()))
              .add(cached.multiply(BigDecimal.valueOf(tokens.cached())))
              .add(output.multiply(BigDecimal.valueOf(tokens.output())));
      BigDecimal cost = sum.divide(MILLION).stripTrailingZeros();
      return cost.scale() < 0 ? cost.setScale(0) : cost;
    }
  }

  /**
   * Reads the table.
   *
   * @throws IllegalArgumentException with a message for the author
   */
  static Prices read(Object data) {
    Map<String, Price> models = new LinkedHashMap<>();
    if (data instanceof Map<?, ?> table) {
      table.forEach((model, price) -> models.put((String) model, price((String) model, price)));
    }
    return new Prices(models);
  }

  private static Price price(String model, Object data) {
    if (!(data instanceof Map<?, ?> map) || !KEYS.containsAll(map.keySet())) {
      throw new IllegalArgumentException(
          "the price of " + model + " must be a map of input, output and perhaps cached_input");
    }
    BigDecimal input = amount(model, map.get("input"));
    Object cached = map.get("cached_input");
    return new Price(
        input, cached == null ? input : amount(model, cached), amount(model, map.get("output")));
  }

  private static BigDecimal amount(String model, Object value) {
    BigDecimal amount =
        switch (value) {
          case Long whole -> BigDecimal.valueOf(whole);
          case BigDecimal number -> number;
          case null, default -> null;
        };
    if (amount == null || amount.signum() < 0 || amount.scale() > 12) {
      throw new IllegalArgumentException("the price of " + model + " needs numbers from 0");
    }
    return amount;
  }

  /** Whether a budget would know what the model costs; without any price nobody asks. */
  boolean knows(String model) {
    return models.isEmpty() || models.containsKey(model);
  }

  /** What the tokens cost; null if nobody says. */
  BigDecimal cost(String model, Tokens tokens) {
    Price price = models.get(model);
    return price == null ? null : price.of(tokens);
  }
}
