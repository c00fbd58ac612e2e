package io.orchestrator.local;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Which stack and whose flows: the local one as one of its tenants, or the one that the environment
 * names, with its token.
 */
final class Whose {
  private static final String URL = "ORCHESTRATOR_URL";
  private static final String TOKEN = "ORCHESTRATOR_TOKEN";

  @Mixin private Main.Folder folder;

  @Option(
      names = "--tenant",
      description = "The tenant of the local stack (default: ${DEFAULT-VALUE}).")
  private String tenant = "local";

  Client client() {
    return client(System.getenv());
  }

  Client client(Map<String, String> environment) {
    String url = environment.getOrDefault(URL, "");
    String token = environment.getOrDefault(TOKEN, "");
    if (url.isEmpty() && token.isEmpty()) {
      return Client.of(folder.home(), tenant);
    }
    if (url.isEmpty() || token.isEmpty()) {
      throw new StackException("Set both " + URL + " and " + TOKEN + ", or none of them.");
    }
    return new Client(url.replaceAll("/+$", ""), token);
  }

  /** An answer that has succeeded; else the end of the command with what the API says. */
  static Client.Answer done(Client.Answer answer, String what) {
    if (answer.succeeded()) {
      return answer;
    }
    StringBuilder text = new StringBuilder("Nothing was " + what + ": " + answer.problem());
    List<Map<String, Object>> errors = Data.maps(answer.json().get("errors"));
    for (Map<String, Object> error : errors) {
      if (errors.size() > 1 || !Data.text(error.get("path")).isEmpty()) {
        text.append("\n  ").append(error.get("path")).append(' ').append(error.get("message"));
      }
      String hint = Data.text(error.get("hint"));
      text.append(hint.isEmpty() ? "" : " (" + hint + ")");
    }
    throw new StackException(text.toString());
  }

  /** A part of a path or a query. */
  static String encoded(String text) {
    return java.net.URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
