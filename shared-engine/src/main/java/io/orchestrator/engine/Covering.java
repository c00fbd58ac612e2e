package io.orchestrator.engine;

import io.orchestrator.execution.Crossings;
import io.orchestrator.execution.Masked;
import io.orchestrator.store.Commit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Covers what is masked in whatever a commit lets others see beside the history: what people are
 * asked, and what the execution is found by. What a flow publishes itself goes out as it is.
 */
final class Covering {
  private Covering() {}

  static List<Commit.Wait> waits(Masked masked, List<Commit.Wait> waits) {
    return waits.stream().map(wait -> wait(masked, wait)).toList();
  }

  private static Commit.Wait wait(Masked masked, Commit.Wait wait) {
    return wait.about() == null
        ? wait
        : new Commit.Wait(
            wait.tokenHash(),
            wait.step(),
            wait.kind(),
            wait.type(),
            wait.key(),
            wait.approval(),
            masked.json(wait.about()));
  }

  static List<Commit.Posted> notices(Masked masked, List<Commit.Posted> posted) {
    return posted.stream()
        .map(
            event ->
                event.type().startsWith(Crossings.NOTICES)
                    ? new Commit.Posted(
                        event.id(), event.type(), event.key(), masked.json(event.data()))
                    : event)
        .toList();
  }

  static Map<String, String> attributes(Masked masked, Map<String, String> attributes) {
    Map<String, String> covered = new LinkedHashMap<>(attributes);
    covered.replaceAll((name, value) -> masked.text(value));
    return covered;
  }
}
