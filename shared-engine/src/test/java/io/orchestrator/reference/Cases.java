package io.orchestrator.reference;

import io.orchestrator.expression.Json;
import io.orchestrator.flow.Kind;
import java.math.BigDecimal;
import java.util.Map;

/** What can be told of steps without doing them. */
final class Cases {
  private Cases() {}

  /** The number of the block of a switch that is done; the last one is the default. */
  static int fitting(Kind.Switch choice, Frame frame) {
    Object value = choice.value() == null ? null : choice.value().evaluate(frame.scope(Map.of()));
    for (int i = 0; i < choice.cases().size(); i++) {
      Kind.Case one = choice.cases().get(i);
      boolean fits =
          choice.value() == null
              ? one.when().condition(frame.scope(Map.of()))
              : is(one.label(), value);
      if (fits) {
        return i;
      }
    }
    return choice.cases().size();
  }

  /** A text is what the label is; anything else equals what the label says. */
  private static boolean is(String label, Object value) {
    if (value instanceof String) {
      return value.equals(label);
    }
    if (value instanceof Number number) {
      return label.matches("-?[0-9]+([.][0-9]+)?")
          && new BigDecimal(label).compareTo(new BigDecimal(number.toString())) == 0;
    }
    return label.equals(Json.write(value));
  }
}
