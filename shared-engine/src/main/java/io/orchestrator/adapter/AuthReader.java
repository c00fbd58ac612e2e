package io.orchestrator.adapter;

import io.orchestrator.flow.Code;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads how an adapter shows who is calling. */
final class AuthReader {
  private static final Set<String> OAUTH2 =
      Set.of(
          "token_url",
          "client_id",
          "client_secret",
          "scope",
          "audience",
          "resource",
          "client_auth");

  /** Types whose requests are signed for AWS. */
  private static final Set<String> SIGNING = Set.of("lambda", "sqs", "llm", "ai");

  private AuthReader() {}

  /** The key {@code auth} of a definition. */
  static Auth of(Fields definition, String type) {
    boolean none = "none".equals(definition.get("auth"));
    Fields fields = none ? null : definition.map("auth");
    return fields == null ? new Auth.None() : read(fields, type);
  }

  private static Auth read(Fields fields, String type) {
    fields.only(Set.of("aws", "bearer", "basic", "header", "oauth2", "none"));
    if (fields.keys().size() != 1) {
      fields.problem(
          Code.BAD_VALUE,
          "",
          "auth must have exactly one of aws, bearer, basic, header, oauth2, none",
          "");
      return new Auth.None();
    }
    return switch (fields.keys().iterator().next()) {
      case "bearer" -> new Auth.Bearer(fields.secret("bearer"));
      case "basic" -> basic(fields.map("basic"));
      case "header" -> header(fields.map("header"));
      case "oauth2" -> oauth2(fields.map("oauth2"));
      case "aws" -> aws(fields, type);
      default -> new Auth.None();
    };
  }

  private static Auth basic(Fields fields) {
    if (fields == null) {
      return new Auth.None();
    }
    fields.only(Set.of("username", "password"));
    return new Auth.Basic(textOrSecret(fields, "username"), fields.secret("password"));
  }

  private static Object textOrSecret(Fields fields, String key) {
    Object value = fields.get(key) instanceof Map ? fields.secret(key) : fields.text(key);
    return value == null ? "" : value;
  }

  private static Auth aws(Fields auth, String type) {
    if (!SIGNING.contains(String.valueOf(type))) {
      auth.problem(
          Code.BAD_VALUE,
          "aws",
          "adapters of type " + type + " are not signed for AWS",
          "one of " + String.join(", ", SIGNING.stream().sorted().toList()));
    }
    Fields fields = auth.map("aws");
    if (fields == null) {
      return new Auth.None();
    }
    fields.only(Set.of("access_key_id", "secret_access_key", "session_token"));
    return new Auth.Aws(
        fields.secret("access_key_id"),
        fields.secret("secret_access_key"),
        fields.has("session_token") ? fields.secret("session_token") : null);
  }

  private static Auth header(Fields fields) {
    if (fields == null) {
      return new Auth.None();
    }
    fields.only(Set.of("name", "value"));
    String name = fields.text("name");
    String complaint = name == null ? "the key name is missing" : HeaderRules.complaint(name);
    if (complaint != null) {
      fields.problem(Code.BAD_VALUE, "name", complaint, "");
    }
    return new Auth.Header(name, fields.secret("value"));
  }

  private static Auth oauth2(Fields fields) {
    if (fields == null) {
      return new Auth.None();
    }
    fields.only(OAUTH2);
    for (String needed : List.of("token_url", "client_id")) {
      if (!fields.has(needed)) {
        fields.problem(Code.MISSING_KEY, "", "the key " + needed + " is missing", "");
      }
    }
    URI address = fields.parsed("token_url", text -> BaseUrl.address("token_url", text, false));
    Map<String, String> more = new LinkedHashMap<>();
    for (String name : List.of("scope", "audience", "resource")) {
      String value = fields.get(name) instanceof List<?> words ? joined(words) : fields.text(name);
      if (value != null) {
        more.put(name, value);
      }
    }
    return new Auth.OAuth2(
        address,
        textOrSecret(fields, "client_id"),
        fields.secret("client_secret"),
        more,
        inBody(fields));
  }

  private static String joined(List<?> words) {
    return String.join(" ", words.stream().map(String::valueOf).toList());
  }

  private static boolean inBody(Fields fields) {
    String way = fields.text("client_auth");
    if (way != null && !way.equals("basic") && !way.equals("body")) {
      fields.problem(Code.BAD_VALUE, "client_auth", "client_auth must be basic or body", "");
    }
    return "body".equals(way);
  }
}
