package io.orchestrator.rehearsal;

import io.orchestrator.adapter.AdapterCatalog;
import io.orchestrator.adapter.Definition;
import io.orchestrator.adapter.DefinitionReader;
import io.orchestrator.adapter.Definitions;
import io.orchestrator.adapter.sandbox.BuiltIns;
import io.orchestrator.flow.FlowValidation;
import io.orchestrator.flow.KnownNames;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Flows for tests, with the built-in sandboxes and two adapters that are none: {@code bank}, and
 * {@code courier}, for which {@code send_email} stands in.
 */
final class Rehearsed {
  private static final Definition BANK =
      DefinitionReader.readText(
              """
              adapter: bank
              type: http
              base_url: https://bank.test
              default_action: transfer
              timeout: 5s
              actions:
                transfer:
                  path: /transfers
                  input: {amount: integer}
                balance:
                  path: /balance
              """
                  .getBytes(StandardCharsets.UTF_8))
          .definition();

  private static final Definition COURIER =
      DefinitionReader.readText(
              """
              adapter: courier
              base_url: https://courier.test
              default_action: bring
              fallback: [send_email]
              actions: {bring: {}}
              """
                  .getBytes(StandardCharsets.UTF_8))
          .definition();

  static final Definitions ADAPTERS =
      new Definitions() {
        @Override
        public Definition find(String tenant, String adapter) {
          return adapter.equals("bank") ? BANK : adapter.equals("courier") ? COURIER : null;
        }

        @Override
        public Collection<Definition> all(String tenant) {
          return List.of(BANK, COURIER);
        }
      }.or(new BuiltIns());

  static final KnownNames NAMES =
      new KnownNames(new AdapterCatalog("t", ADAPTERS).known(), Map.of(), Set.of("send-invoice"));

  private Rehearsed() {}

  static FlowValidation read(String yaml) {
    return FlowValidation.validate(yaml, NAMES);
  }

  static Stage stage(String yaml) {
    FlowValidation validation = read(yaml);
    if (!validation.valid()) {
      throw new AssertionError(validation.errors().toString());
    }
    return Stage.of("t", validation.flow(), validation.compiled().plan(), ADAPTERS, name -> null);
  }

  /** Runs the tests that stand in a flow. */
  static Report report(String yaml) {
    Stage stage = stage(yaml);
    return Report.of(stage, stage.flow().tests());
  }

  /** What was missed by the only test of a flow. */
  static List<String> misses(String yaml) {
    return report(yaml).results().getFirst().misses().stream().map(Miss::message).toList();
  }
}
