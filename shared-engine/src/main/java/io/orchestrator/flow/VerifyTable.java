package io.orchestrator.flow;

import static io.orchestrator.flow.Shapes.either;
import static io.orchestrator.flow.Shapes.key;
import static io.orchestrator.flow.Shapes.list;
import static io.orchestrator.flow.Shapes.map;
import static io.orchestrator.flow.Shapes.matching;
import static io.orchestrator.flow.Shapes.need;
import static io.orchestrator.flow.Shapes.words;

import java.util.Map;

/** The shape of what a webhook verifies. */
final class VerifyTable {
  private static final Map<String, Object> NAME = matching(VerifyReader.SECRET);
  private static final Map<String, Object> SECRET = either(NAME, map(need("secret", NAME)));
  private static final Map<String, Object> SECRETS = either(SECRET, list(SECRET, 1));
  private static final Map<String, Object> HEADER = matching(VerifyReader.HEADER);
  private static final Map<String, Object> TOLERANCE = Shapes.length(FlowLimits.TOLERANCE_MAX);
  private static final Map<String, Object> PUBLIC_KEY = matching(VerifyReader.PUBLIC_KEY);

  private VerifyTable() {}

  /** A word, or a scheme with its settings. */
  static Map<String, Object> verify() {
    return either(words(VerifyReader.WORDS), TriggerTable.single(schemes()));
  }

  private static Map<String, Object> schemes() {
    Map<String, Object> webhookKey = matching(VerifyReader.WEBHOOK_KEY);
    return map(
        key("hmac", hmac()),
        key(
            "standard_webhooks",
            map(
                key("secret", SECRETS),
                key("public_key", either(webhookKey, list(webhookKey, 1))),
                key("tolerance", TOLERANCE))),
        key("github", map(key("secret", SECRETS))),
        key(
            "stripe",
            map(key("secret", SECRETS), key("header", HEADER), key("tolerance", TOLERANCE))),
        key("slack", map(key("secret", SECRETS), key("tolerance", TOLERANCE))),
        key("retell", map(key("secret", SECRETS), key("tolerance", TOLERANCE))),
        key("gohighlevel", map(key("public_key", PUBLIC_KEY), key("rsa_public_key", PUBLIC_KEY))));
  }

  private static Map<String, Object> hmac() {
    return map(
        need("secret", SECRETS),
        need("header", HEADER),
        key("algorithm", words(Verify.Algorithm.class)),
        key("prefix", matching(VerifyReader.PREFIX)),
        key("timestamp", HEADER),
        key("signed", matching(VerifyReader.SIGNED)),
        key("tolerance", TOLERANCE));
  }
}
