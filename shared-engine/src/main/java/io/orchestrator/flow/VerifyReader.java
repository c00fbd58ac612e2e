package io.orchestrator.flow;

import io.orchestrator.expression.Nearest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/** Reads {@code verify} of a webhook. What cannot be read lets nobody in. */
final class VerifyReader {
  static final Pattern HEADER = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,99}");
  static final Pattern SECRET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");
  static final Pattern PREFIX = Pattern.compile("[!-~]{1,50}");
  static final Pattern SIGNED =
      Pattern.compile(
          "(?:[ -z|~]|\\{timestamp\\}){0,100}\\{body\\}(?:[ -z|~]|\\{timestamp\\}){0,100}");
  static final Pattern WEBHOOK_KEY = Pattern.compile("whpk_[A-Za-z0-9+/]{43}=");
  static final Pattern PUBLIC_KEY =
      Pattern.compile(
          "(?:-----BEGIN PUBLIC KEY-----)?[A-Za-z0-9+/= \\n\\r]{40,1000}"
              + "(?:-----END PUBLIC KEY-----)?[ \\n\\r]{0,4}");

  /** What can be said in a word: its secret has a usual name, or it needs none. */
  static final List<String> WORDS =
      List.of("none", "standard_webhooks", "github", "stripe", "slack", "retell", "gohighlevel");

  /** What can be said with its settings. */
  static final List<String> SCHEMES =
      List.of("hmac", "standard_webhooks", "github", "stripe", "slack", "retell", "gohighlevel");

  /** Published by HighLevel for everybody: https://marketplace.gohighlevel.com/docs/webhook. */
  private static final String HIGHLEVEL_KEY =
      "MCowBQYDK2VwAyEAi2HR1srL4o18O8BRa7gVJY7G7bupbN3H9AwJrHCDiOg=";

  private static final Pattern WRITTEN_OUT =
      Pattern.compile("whsec_.*|v1\\..*|[0-9a-fA-F]{32,}|(?=.*[0-9])(?=.*[A-Z])[A-Za-z0-9]{32,}");
  private static final Duration TOLERANCE = Duration.ofMinutes(5);

  private final Values values;
  private final Problems problems;
  private final SpanReader spans;

  VerifyReader(Values values) {
    this.values = values;
    this.problems = values.problems();
    this.spans = new SpanReader(values);
  }

  /** A token is what is asked for unless something else is said. */
  Verify read(Node node) {
    return switch (node) {
      case null -> new Verify.Token();
      case Node.Mapping map -> detailed(map);
      default -> word(node);
    };
  }

  private Verify word(Node node) {
    String word = values.text(node, "verify");
    if (word == null) {
      return new Verify.Token();
    }
    if (word.equals("hmac")) {
      problems.error(
          Code.BAD_VALUE,
          node.spot(),
          "verify: hmac needs to know the header and the secret",
          "verify: {hmac: {secret: {secret: name}, header: X-Signature}}");
      return new Verify.Token();
    }
    if (!WORDS.contains(word)) {
      values.badWord(node, "verify", word, WORDS);
      return new Verify.Token();
    }
    return word.equals("none")
        ? new Verify.Open()
        : scheme(word, Fields.none(node.spot(), word, problems));
  }

  private Verify detailed(Node.Mapping map) {
    if (map.entries().size() != 1) {
      problems.error(
          Code.BAD_VALUE,
          map.spot(),
          "verify is a word, or a map with one key",
          "one of " + String.join(", ", SCHEMES));
      return new Verify.Token();
    }
    String scheme = map.entries().keySet().iterator().next();
    Node.Entry entry = map.entries().get(scheme);
    if (!SCHEMES.contains(scheme)) {
      problems.error(
          Code.UNKNOWN_KEY,
          entry.spot(),
          "verify has no key '" + scheme + "'",
          Nearest.hint(scheme, SCHEMES));
      return new Verify.Token();
    }
    Fields fields = values.fields(entry.value(), scheme);
    if (fields == null) {
      return new Verify.Token();
    }
    Verify verify = scheme(scheme, fields);
    fields.finish();
    return verify;
  }

  private Verify scheme(String scheme, Fields fields) {
    return switch (scheme) {
      case "hmac" -> hmac(fields);
      case "standard_webhooks" -> standardWebhooks(fields);
      case "github" -> new Verify.GitHub(secrets(fields, "github_webhook"));
      case "stripe" -> stripe(fields);
      case "slack" -> new Verify.Slack(secrets(fields, "slack_webhook"), tolerance(fields));
      case "retell" -> new Verify.Retell(secrets(fields, "retell_key"), tolerance(fields));
      default -> goHighLevel(fields);
    };
  }

  private Verify hmac(Fields fields) {
    List<String> secrets = secrets(fields.need("secret", "{secret: name}"));
    String header =
        matching(fields.need("header", "header: X-Signature"), "header", HEADER, "X-Signature");
    Verify.Algorithm algorithm =
        values.word(fields.take("algorithm"), "algorithm", Verify.Algorithm.class);
    String prefix = matching(fields.take("prefix"), "prefix", PREFIX, "at most 50 characters");
    String timestamp =
        matching(fields.take("timestamp"), "timestamp", HEADER, "the header with the time");
    String signed =
        matching(fields.take("signed"), "signed", SIGNED, "{body} once: \"{timestamp}.{body}\"");
    boolean dated = timestamp != null || fields.has("tolerance");
    Duration tolerance = tolerance(fields);
    if (timestamp != null && signed != null && !signed.contains("{timestamp}")) {
      contradiction(
          fields.key("timestamp"), "the time is not signed, so that anybody could change it");
    } else if (timestamp == null && signed != null && signed.contains("{timestamp}")) {
      contradiction(fields.key("signed"), "no header is named that holds the time");
    } else if (timestamp == null && dated) {
      problems.warning(
          Code.CONTRADICTION,
          fields.key("tolerance"),
          "a request whose signature says no time (t=...,v1=...) counts however old it is",
          "name the header that holds the time: timestamp: X-Timestamp");
    }
    String usual = timestamp == null ? "{body}" : "{timestamp}.{body}";
    return new Verify.Hmac(
        secrets,
        orEmpty(header),
        algorithm == null ? Verify.Algorithm.SHA256 : algorithm,
        orEmpty(prefix),
        orEmpty(timestamp),
        signed == null ? usual : signed,
        dated ? tolerance : null);
  }

  private void contradiction(Spot spot, String message) {
    problems.error(
        Code.CONTRADICTION,
        spot,
        message,
        "write both: timestamp: X-Timestamp, signed: \"{timestamp}.{body}\"");
  }

  private Verify standardWebhooks(Fields fields) {
    Node keys = fields.take("public_key");
    List<String> publicKeys = new ArrayList<>();
    for (Node key : items(keys, "public_key")) {
      String text = matching(key, "public_key", WEBHOOK_KEY, "whpk_ and 32 bytes in base64");
      if (text != null) {
        publicKeys.add(text);
      }
    }
    return new Verify.StandardWebhooks(
        secrets(fields, keys == null ? "standard_webhooks" : ""),
        List.copyOf(publicKeys),
        tolerance(fields));
  }

  private Verify stripe(Fields fields) {
    String header = matching(fields.take("header"), "header", HEADER, "Stripe-Signature");
    return new Verify.Stripe(
        secrets(fields, "stripe_webhook"),
        header == null ? "Stripe-Signature" : header,
        tolerance(fields));
  }

  private Verify goHighLevel(Fields fields) {
    String hint = "PEM, or its base64 alone";
    String key = matching(fields.take("public_key"), "public_key", PUBLIC_KEY, hint);
    String rsa = matching(fields.take("rsa_public_key"), "rsa_public_key", PUBLIC_KEY, hint);
    return new Verify.GoHighLevel(key == null ? HIGHLEVEL_KEY : key, orEmpty(rsa));
  }

  // -- values

  private Duration tolerance(Fields fields) {
    Node node = fields.take("tolerance");
    Duration tolerance = spans.fixed(node, "tolerance");
    if (tolerance == null) {
      return TOLERANCE;
    }
    if (tolerance.isZero() || tolerance.compareTo(FlowLimits.TOLERANCE_MAX) > 0) {
      problems.error(
          Code.BAD_DURATION,
          node.spot(),
          "tolerance must be more than nothing and at most "
              + FlowLimits.TOLERANCE_MAX.toDays()
              + " day",
          "tolerance: 5m");
    }
    return tolerance;
  }

  private List<String> secrets(Fields fields, String usual) {
    Node node = fields.take("secret");
    return node == null && !usual.isEmpty() ? List.of(usual) : secrets(node);
  }

  private List<String> secrets(Node node) {
    return items(node, "secret").stream().map(this::secret).filter(Objects::nonNull).toList();
  }

  /** The items of a list that must not be empty, or what stands alone. */
  private List<Node> items(Node node, String what) {
    if (!(node instanceof Node.Sequence list)) {
      return node == null ? List.of() : List.of(node);
    }
    if (list.items().isEmpty()) {
      problems.error(Code.EMPTY, list.spot(), what + " is an empty list", "");
    }
    return list.items();
  }

  /** The name of a secret, {@code {secret: name}} or the name alone. */
  private String secret(Node node) {
    Node name = node;
    if (node instanceof Node.Mapping map) {
      Fields fields = new Fields(map, "secret", problems);
      name = fields.need("secret", "{secret: name}");
      fields.finish();
    }
    String text = values.text(name, "secret");
    if (text == null) {
      return null;
    }
    if (!SECRET.matcher(text).matches()) { // It may be the secret itself, so it is not repeated.
      problems.error(
          Code.BAD_NAME,
          name.spot(),
          "this is not the name of a secret",
          "store the secret and write {secret: name}");
      return null;
    }
    if (WRITTEN_OUT.matcher(text).matches()) {
      problems.error(
          Code.LITERAL_SECRET,
          name.spot(),
          "this looks like the secret itself",
          "store it and write {secret: name}");
    }
    return text;
  }

  private String matching(Node node, String what, Pattern shape, String hint) {
    String text = values.text(node, what);
    if (text == null || shape.matcher(text).matches()) {
      return text;
    }
    problems.error(Code.BAD_VALUE, node.spot(), what + " cannot be '" + shown(text) + "'", hint);
    return null;
  }

  private static String shown(String text) {
    return text.length() <= 40 ? text : text.substring(0, text.offsetByCodePoints(0, 36)) + "...";
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }
}
