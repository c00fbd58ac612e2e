package io.orchestrator.adapter;

import io.orchestrator.expression.Secret;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * The secrets of one call: it reveals them for the wire and takes them out of everything that comes
 * back. One thread.
 */
public final class Vault {
  private static final String MASK = "***";

  /** Shorter values would blot out harmless text. */
  private static final int MASKED_CHARACTERS_MIN = 4;

  private final String tenant;
  private final Secrets secrets;

  /** The longest first, so that a value which holds another is masked whole. */
  private final TreeSet<String> revealed =
      new TreeSet<>(
          Comparator.comparingInt(String::length)
              .reversed()
              .thenComparing(Comparator.naturalOrder()));

  Vault(String tenant, Secrets secrets) {
    this.tenant = tenant;
    this.secrets = secrets;
  }

  /**
   * The data with every secret replaced by its value.
   *
   * @throws MissingSecret if the tenant has no such secret
   */
  public Object reveal(Object data) {
    return switch (data) {
      case Secret secret -> value(secret.name());
      case List<?> list -> each(list, this::reveal);
      case Map<?, ?> map -> each(map, this::reveal);
      case null, default -> data;
    };
  }

  /** The data with every secret, still sealed or revealed before, replaced by stars. */
  public Object mask(Object data) {
    return switch (data) {
      case Secret _ -> MASK;
      case String text -> mask(text);
      case List<?> list -> each(list, this::mask);
      case Map<?, ?> map -> each(map, this::mask);
      case null, default -> data;
    };
  }

  /** The text without any secret. */
  public String mask(String text) {
    String masked = text;
    for (String value : revealed) {
      masked = masked.replace(value, MASK);
    }
    return masked;
  }

  /** Notes another form of a secret, such as its Base64, that must not come back either. */
  public void alsoMask(String form) {
    if (form.length() >= MASKED_CHARACTERS_MIN) {
      revealed.add(form);
    }
  }

  private String value(String name) {
    String value = secrets.value(tenant, name);
    if (value == null) {
      throw new MissingSecret(name);
    }
    alsoMask(value);
    return value;
  }

  private static List<Object> each(List<?> list, UnaryOperator<Object> change) {
    List<Object> changed = new ArrayList<>(list.size());
    for (Object item : list) {
      changed.add(change.apply(item));
    }
    return changed;
  }

  private static Map<String, Object> each(Map<?, ?> map, UnaryOperator<Object> change) {
    Map<String, Object> changed = new LinkedHashMap<>();
    map.forEach((key, value) -> changed.put((String) key, change.apply(value)));
    return changed;
  }

  /** A secret that a call needs and the tenant does not have. */
  public static final class MissingSecret extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MissingSecret(String name) {
      super("the secret " + name + " is not set", null, false, false);
    }
  }
}
