package io.orchestrator.local;

import io.orchestrator.expression.Json;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is asked of one execution, and what came of it. */
final class Orders {
  private final Client client;
  private final PrintStream out;

  Orders(Client client, PrintStream out) {
    this.client = client;
    this.out = out;
  }

  /** A body of these names and values in turn; what is null is not in it. */
  static Map<String, Object> body(Object... pairs) {
    Map<String, Object> body = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      if (pairs[i + 1] != null) {
        body.put((String) pairs[i], pairs[i + 1]);
      }
    }
    return body;
  }

  /** Posts; ends the command if it is refused. */
  Map<String, Object> post(String path, Object body, String what, String... headers) {
    byte[] json = Json.write(body).getBytes(StandardCharsets.UTF_8);
    return Whose.done(client.send("POST", path, Client.JSON, json, headers), what).json();
  }

  /** Asks something of an execution, prints what it is now, and follows it if that is wanted. */
  int ask(String id, String verb, Map<String, Object> body, boolean watch, String... headers) {
    String path = "/executions/" + Whose.encoded(id) + "/" + verb;
    Map<String, Object> now = post(path, body, "changed", headers);
    out.println(now.get("id") + " " + now.get("status"));
    if (!watch) {
      return 0;
    }
    Following following = new Following(client, out);
    return following.print(following.follow(Data.text(now.get("id")), true));
  }
}
