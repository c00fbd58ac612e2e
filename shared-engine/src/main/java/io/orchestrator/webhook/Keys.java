package io.orchestrator.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.orchestrator.expression.Json;
import io.orchestrator.expression.JsonException;
import io.orchestrator.secret.SecretLookup;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The values of the secrets that a webhook names. While one is replaced by another both count: a
 * secret may hold several values, as a JSON list or one a line.
 *
 * @param texts the values
 * @param missing why some are not among them; empty if all are
 */
record Keys(List<String> texts, String missing) {
  private static final String STANDARD = "whsec_";

  static Keys of(List<String> names, Function<String, SecretLookup> secrets) {
    List<String> texts = new ArrayList<>();
    String missing = "";
    for (String name : names) {
      switch (secrets.apply(name)) {
        case SecretLookup.Found found -> texts.addAll(values(found.text().reveal()));
        case SecretLookup.Missing none -> missing = none.why();
        case SecretLookup.Unavailable away -> missing = away.why();
      }
    }
    return new Keys(
        List.copyOf(texts), texts.isEmpty() && missing.isEmpty() ? "The secret is empty" : missing);
  }

  private static List<String> values(String text) {
    List<String> values = new ArrayList<>();
    if (text.strip().startsWith("[") && list(text) instanceof List<?> list) {
      for (Object item : list) {
        if (item instanceof String value && !value.isBlank()) {
          values.add(value.strip());
        }
      }
      return values;
    }
    text.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(values::add);
    return values;
  }

  private static Object list(String text) {
    try {
      return Json.read(text);
    } catch (JsonException e) {
      return null; // a secret that begins like a list
    }
  }

  /** As bytes. */
  List<byte[]> plain() {
    return texts.stream().map(text -> text.getBytes(UTF_8)).toList();
  }

  /** Those of Standard Webhooks: base64 behind {@code whsec_}, which may be left out. */
  List<byte[]> standard() {
    List<byte[]> keys = new ArrayList<>();
    for (String text : texts) {
      int begin = text.indexOf(STANDARD);
      String inside = begin < 0 ? text : text.substring(begin + STANDARD.length());
      byte[] key = Macs.base64(inside);
      if (key.length > 0) {
        keys.add(key);
      }
    }
    return keys;
  }

  @Override
  public String toString() {
    return "Keys[" + texts.size() + "]";
  }
}
