package io.orchestrator.secret;

import io.orchestrator.expression.Json;
import io.orchestrator.expression.JsonException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A secret's value. It shows itself to nobody who does not ask for it by name. */
public final class SecretText {
  private final String value;

  public SecretText(String value) {
    this.value = Objects.requireNonNull(value);
  }

  /** The value itself, for the call that needs it. */
  public String reveal() {
    return value;
  }

  /**
   * One text field of a secret that is a JSON object, as AWS writes database secrets ({@code
   * password}).
   */
  public Optional<String> field(String name) {
    try {
      return Json.read(value) instanceof Map<?, ?> fields && fields.get(name) instanceof String text
          ? Optional.of(text)
          : Optional.empty();
    } catch (JsonException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return "[secret]";
  }
}
