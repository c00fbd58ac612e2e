package io.orchestrator.functions;

import io.orchestrator.flow.Verify;
import io.orchestrator.functions.openapi.Contract;
import io.orchestrator.webhook.Signatures;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a request to a webhook is for its flow: {@code $trigger}. */
final class HookTrigger {
  /** Headers that no flow needs to see. */
  private static final Set<String> PRIVATE =
      Set.of("authorization", "cookie", "proxy-authorization", "x-api-key");

  private HookTrigger() {}

  static Map<String, Object> of(Visit visit, String query, Verify verify) {
    Request request = visit.request();
    Set<String> signatures = Signatures.headers(verify);
    Map<String, Object> headers = new LinkedHashMap<>();
    request
        .headers()
        .forEach(
            (name, value) -> {
              if (!PRIVATE.contains(name) && !signatures.contains(name)) {
                headers.put(name, value);
              }
            });
    Map<String, Object> trigger = new LinkedHashMap<>();
    trigger.put("type", "webhook.received");
    trigger.put("method", request.method());
    trigger.put("path", visit.path().get("path"));
    trigger.put("headers", headers);
    trigger.put("query", query(query));
    trigger.put("body", body(request));
    trigger.put("received_at", Instant.now().toString());
    return trigger;
  }

  /** JSON, or the fields of a form: a field that comes several times is a list. */
  private static Object body(Request request) {
    if (request.body().length == 0) {
      return null;
    }
    return request.mediaType().equals(Contract.FORM) ? form(request.body()) : Body.json(request);
  }

  private static Map<String, Object> form(byte[] body) {
    Map<String, List<Object>> fields = new LinkedHashMap<>();
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      for (String pair : text.split("&", -1)) {
        int equals = pair.indexOf('=');
        String name = Escapes.inQuery(equals < 0 ? pair : pair.substring(0, equals));
        String value = equals < 0 ? "" : Escapes.inQuery(pair.substring(equals + 1));
        if (!name.isEmpty()) {
          fields.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
        }
      }
    } catch (CharacterCodingException | IllegalArgumentException e) {
      throw Refusal.invalid("syntax", "The body is not a well-encoded form", "");
    }
    Map<String, Object> form = new LinkedHashMap<>();
    fields.forEach((name, all) -> form.put(name, all.size() == 1 ? all.getFirst() : all));
    return form;
  }

  private static Map<String, Object> query(String query) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    try {
      for (String pair : query.isEmpty() ? new String[0] : query.split("&", -1)) {
        int equals = pair.indexOf('=');
        String name = Escapes.inQuery(equals < 0 ? pair : pair.substring(0, equals));
        parameters.put(name, equals < 0 ? "" : Escapes.inQuery(pair.substring(equals + 1)));
      }
    } catch (IllegalArgumentException e) {
      throw Refusal.invalid("bad_parameter", "The query is not well encoded", "");
    }
    return parameters;
  }
}
