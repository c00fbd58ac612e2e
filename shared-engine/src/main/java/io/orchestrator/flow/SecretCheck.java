package io.orchestrator.flow;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Finds secrets that are written out, and names of secrets where none is resolved. */
final class SecretCheck {
  private static final Set<String> WORDS =
      Set.of(
          "password",
          "passwd",
          "pwd",
          "passphrase",
          "secret",
          "token",
          "apikey",
          "authorization",
          "bearer");
  private static final Set<String> ENDS =
      Set.of(
          "api_key",
          "access_key",
          "private_key",
          "secret_key",
          "signing_key",
          "client_secret",
          "auth_key");
  private static final Pattern HUMP = Pattern.compile("([a-z0-9])([A-Z])");
  private static final Pattern SHAPE =
      Pattern.compile(
          "(?s).*(-----BEGIN [A-Z ]*PRIVATE"
              + " KEY-----|\\b[sr]k_live_[0-9A-Za-z]{8,}|\\bAKIA[0-9A-Z]{16}\\b"
              + "|\\bgh[pousr]_[0-9A-Za-z]{20,}|\\bxox[abprs]-[0-9A-Za-z-]{10,}"
              + "|\\beyJ[0-9A-Za-z_-]{8,}\\.eyJ[0-9A-Za-z_-]{8,}\\.).*");

  private final Problems problems;

  SecretCheck(Problems problems) {
    this.problems = problems;
  }

  void check(Flow flow) {
    data(flow.vars(), false);
    data(flow.output(), false);
    for (Trigger trigger : flow.triggers()) {
      data(
          switch (trigger) {
            case Trigger.Webhook webhook -> webhook.input();
            case Trigger.Schedule schedule -> schedule.input();
            case Trigger.Occurrence event -> event.input();
            case Trigger.Completion completion -> completion.input();
          },
          false);
    }
    Walk.bodies(flow, this::body);
  }

  private void body(Syntax.Body body) {
    data(body.options().output(), false);
    data(body.options().idempotencyKey(), false);
    switch (body.kind()) {
      case Syntax.Call call -> data(call.params(), true);
      case Syntax.Use use -> data(use.with(), false);
      case Syntax.SubFlow flow -> data(flow.input(), false);
      case Syntax.Emit emit -> data(emit.event(), false);
      case Syntax.Approve approve -> data(approve.title(), false);
      case Syntax.AwaitSignal s -> {}
      case Syntax.AwaitEvent e -> {}
      case Syntax.Assign assign -> data(assign.values(), false);
      case Syntax.Return end -> data(end.value(), false);
      case Syntax.Raise raise -> data(raise.failure(), false);
      case Syntax.Named n -> {}
      case Syntax.Parallel p -> {}
      case Syntax.Conditional c -> {}
      case Syntax.Switch s -> {}
      case Syntax.Group g -> {}
      case Syntax.Assert check -> data(check.message(), false);
      case Syntax.Foreach each -> data(each.collect(), false);
      case Syntax.Repeat r -> {}
      case Syntax.Wait w -> {}
      case Syntax.Await a -> {}
      case Syntax.Broken b -> {}
    }
  }

  private void data(Syntax.Data data, boolean resolved) {
    if (data != null) {
      node("", data.node(), resolved);
    }
  }

  private void node(String key, Node node, boolean resolved) {
    switch (node) {
      case Node.Mapping map when Values.isSecret(map.entries()) -> secret(map, resolved);
      case Node.Mapping map -> entries(map.entries(), resolved);
      case Node.Sequence list -> list.items().forEach(item -> node(key, item, resolved));
      case Node.Scalar scalar -> {
        if (scalar.value() instanceof String text && looksSecret(key, text)) {
          problems.error(
              Code.LITERAL_SECRET,
              scalar.spot(),
              key.isEmpty()
                  ? "this looks like a secret"
                  : "'" + key + "' holds a secret that is written out",
              "store it and write {secret: name}, inside params");
        }
      }
    }
  }

  private void secret(Node.Mapping map, boolean resolved) {
    if (!resolved) {
      problems.error(
          Code.MISPLACED_SECRET,
          map.spot(),
          "secrets are resolved only inside params",
          "hand it to the call itself");
    }
  }

  private void entries(Map<String, Node.Entry> entries, boolean resolved) {
    entries.forEach((key, entry) -> node(key, entry.value(), resolved));
  }

  private static boolean looksSecret(String key, String text) {
    if (SHAPE.matcher(text).matches()) {
      return true;
    }
    if (text.isBlank() || text.contains("${") || (text.startsWith("$") && !text.startsWith("$$"))) {
      return false;
    }
    String snake = HUMP.matcher(key).replaceAll("$1_$2").replace('-', '_').toLowerCase(Locale.ROOT);
    String last = snake.substring(snake.lastIndexOf('_') + 1);
    return WORDS.contains(last) || ENDS.stream().anyMatch(snake::endsWith);
  }
}
