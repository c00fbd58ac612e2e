package io.orchestrator.flow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The example flows and names that make sense of them. */
final class Examples {
  /** The five that must run as they are written. */
  static final List<String> SEED =
      List.of(
          "customer-support",
          "onboarding",
          "multi-channel-notify",
          "support-routing",
          "payment-processing");

  /** Adapters as the sandbox has them. */
  static final KnownNames NAMES =
      new KnownNames(adapters(), Map.of(), Set.of("order-intake", "invoice-customer"));

  private Examples() {}

  static List<String> seed() {
    return SEED;
  }

  static String text(String name) {
    try {
      return Files.readString(folder().resolve(name).resolve("flow.yaml"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folder that holds a folder for each example. */
  static Path folder() {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(here.resolve("examples"))) {
      here = here.getParent();
    }
    return here.resolve("examples");
  }

  private static Map<String, KnownNames.Adapter> adapters() {
    Map<String, KnownNames.Adapter> adapters = new TreeMap<>();
    for (String name :
        List.of(
            "authenticate",
            "create_account",
            "send_welcome_email",
            "send_email",
            "send_sms",
            "update_crm",
            "route_to_finance",
            "route_to_support",
            "log_failure",
            "notify_admin",
            "fallback_to_manual")) {
      adapters.put(name, new KnownNames.Adapter("run", Set.of("run")));
    }
    adapters.put("iam", new KnownNames.Adapter("", Set.of("verify_token", "check_permission")));
    adapters.put("prompt_service", new KnownNames.Adapter("get_template", Set.of("get_template")));
    adapters.put(
        "retell",
        new KnownNames.Adapter("start_call", Set.of("start_call", "get_call", "send_message")));
    adapters.put("gohighlevel", new KnownNames.Adapter("", Set.of("add_tags", "send_message")));
    adapters.put("ai", new KnownNames.Adapter("classify", Set.of("classify", "chat")));
    adapters.put("stripe", new KnownNames.Adapter("charge", Set.of("charge", "refund")));
    adapters.put("sandbox", new KnownNames.Adapter("echo", Set.of("echo", "fail")));
    return adapters;
  }
}
