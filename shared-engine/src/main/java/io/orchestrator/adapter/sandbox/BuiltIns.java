package io.orchestrator.adapter.sandbox;

import io.orchestrator.adapter.Definition;
import io.orchestrator.adapter.DefinitionReader;
import io.orchestrator.adapter.Definitions;
import io.orchestrator.flow.Document;
import io.orchestrator.flow.Problems;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sandbox definitions that every tenant of the local stack has until it binds a service of that
 * name.
 */
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
      Object data = Document.read(yaml.readAllBytes(), new Problems()).data();
      @SuppressWarnings("unchecked") // The keys of a document are texts.
      DefinitionReader.Reading reading = DefinitionReader.read((Map<String, Object>) data);
      if (reading.definition() == null) {
        throw new IllegalStateException(
            "the built-in adapter " + name + " is wrong: " + reading.problems());
      }
      return reading.definition();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
