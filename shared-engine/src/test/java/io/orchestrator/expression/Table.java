package io.orchestrator.expression;

import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/**
 * Tables of {@code expression => JSON} or {@code expression => message}, a line each, over one
 * fixed set of data.
 */
final class Table {
  static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

  static final Map<String, Object> DATA =
      map(
          """
          {"order": {"id": "o-1", "total": 12.50, "count": 3, "paid": true, "note": null, "big": 12345678901234567890,
                     "customer": {"name": "Zoë", "tags": ["vip", "eu"]}},
           "items": [{"sku": "b", "price": 2, "stock": true}, {"sku": "a", "price": 1.5, "stock": false},
                     {"sku": "b", "price": 10, "stock": true}],
           "text": "Hello, World", "smile": "a😀b", "numbers": [3, 1, 2], "headers": {"x-event-id": "e1"}}
          """);

  private Table() {}

  static Scope scope() {
    return new Scope(DATA::get, NOW, "seed");
  }

  static Object value(String expression) {
    return Expression.parse(expression).evaluate(scope());
  }

  static String json(String expression) {
    return Json.write(value(expression));
  }

  static Stream<Arguments> of(String lines) {
    return lines.lines().filter(line -> !line.isBlank()).map(Table::line);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(String json) {
    return (Map<String, Object>) Json.read(json);
  }

  private static Arguments line(String line) {
    int arrow = line.indexOf(" => ");
    return Arguments.of(line.substring(0, arrow).strip(), line.substring(arrow + 4).strip());
  }
}
