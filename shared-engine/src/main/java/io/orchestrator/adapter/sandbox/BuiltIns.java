package io.orchestrator.adapter.sandbox;

import io.orchestrator.adapter.Definition;
import io.orchestrator.adapter.DefinitionReader;
import io.orchestrator.adapter.Definitions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The sandbox definitions that every tenant of the local stack has until it binds a service of that name. */
public final class BuiltIns implements Definitions {
  private static final List<String> NAMES =
      List.of(
          "ai",
          "authenticate",
          "create_account",
          "fallback_to_manual",
          "iam",
          "log_failure",
          "notify_admin",
          "prompt_service",
          "retell",
          "route_to_finance",
          "route_to_support",
          "sandbox",
          "send_email",
          "send_sms",
          "send_welcome_email",
          "stripe",
          "update_crm");

  private final Map<String, Definition> read = new ConcurrentHashMap<>();

  @Override
  public Definition find(String tenant, String adapter) {
    return NAMES.contains(adapter) ? read.computeIfAbsent(adapter, BuiltIns::definition) : null;
  }

  @Override
  public Collection<Definition> all(String tenant) {
    return NAMES.stream().map(name -> find(tenant, name)).toList();
  }

  private static Definition definition(String name) {
    try (InputStream yaml = BuiltIns.class.getResourceAsStream(name + ".yaml")) {
      Object data = data(new Load(LoadSettings.builder().build()).loadFromInputStream(yaml));
      DefinitionReader.Reading reading = DefinitionReader.read(strings(data));
      if (reading.definition() == null) {
        throw new IllegalStateException("the built-in adapter " + name + " is wrong: " + reading.problems());
      }
      return reading.definition();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static Map<String, Object> strings(Object data) {
    Map<String, Object> strings = new LinkedHashMap<>();
    ((Map<?, ?>) data).forEach((key, value) -> strings.put((String) key, value));
    return strings;
  }

  /** What the YAML library reads, in the product's own types. */
  private static Object data(Object value) {
    return switch (value) {
      case Integer number -> number.longValue();
      case BigInteger number -> new BigDecimal(number);
      case Double number -> BigDecimal.valueOf(number);
      case List<?> list -> {
        List<Object> items = new ArrayList<>();
        list.forEach(item -> items.add(data(item)));
        yield items;
      }
      case Map<?, ?> map -> {
        Map<String, Object> entries = new LinkedHashMap<>();
        map.forEach((key, item) -> entries.put((String) key, data(item)));
        yield entries;
      }
      case null, default -> value;
    };
  }
}
