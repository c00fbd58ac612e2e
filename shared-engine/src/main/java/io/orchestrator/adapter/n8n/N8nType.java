package io.orchestrator.adapter.n8n;

import io.orchestrator.adapter.AdapterType;
import io.orchestrator.adapter.Invocation;
import io.orchestrator.adapter.Limits;
import io.orchestrator.adapter.Percent;
import io.orchestrator.adapter.Reply;
import io.orchestrator.adapter.Script;
import io.orchestrator.adapter.http.HttpType;
import io.orchestrator.adapter.http.Line;
import io.orchestrator.execution.Failure;
import io.orchestrator.expression.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Adapters of type {@code n8n}. A workflow has no address to execute it, so {@code run} calls its
 * production webhook, with {@code callbackUrl} in the body; everything else is the public API,
 * which the type's definition describes.
 */
public final class N8nType implements AdapterType {
  /** What a workflow, or n8n itself, may call an error. */
  private static final Pattern CODE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,62}");

  /** Statuses that tell of the way to n8n and not of the workflow. */
  private static final Set<Integer> OF_THE_WAY = Set.of(401, 403, 408, 429, 502, 503, 504);

  private final Line line;
  private final HttpType http;

  public N8nType(Line line, HttpType http) {
    this.line = line;
    this.http = http;
  }

  @Override
  public Reply call(Invocation invocation) {
    boolean ofTheApi = invocation.action().path().toString().startsWith("/api/");
    try {
      return ofTheApi
          ? named(http.call(invocation))
          : named(Line.reply(line.send(line.write(invocation, ask(invocation))), invocation));
    } catch (Line.Unwritable complaint) {
      return complaint.reply();
    } catch (IllegalArgumentException complaint) {
      return new Reply.Failed(Failure.fatal("validation", complaint.getMessage()));
    }
  }

  private static Line.Ask ask(Invocation invocation) {
    if (!(invocation.asked() instanceof Map<?, ?> params)) {
      throw new IllegalArgumentException("the params of a workflow's run are a map");
    }
    checkMode(params.get("mode"), invocation);
    String target = invocation.definition().baseUrl() + "/webhook/" + path(params.get("path"));
    // The key of the API is none of a workflow's business: a webhook's headers are its data.
    return Line.Ask.post(target, body(params, invocation)).unauthenticated();
  }

  /** The step says by its {@code await} how it is answered; a mode that differs is a mistake. */
  private static void checkMode(Object asked, Invocation invocation) {
    String mode = asked instanceof String text ? text : invocation.setting("mode");
    switch (mode) {
      case "" -> {}
      case "sync" -> {
        if (invocation.call().awaits()) {
          throw new IllegalArgumentException(
              "mode sync takes the webhook's own answer, so the step must not have an await");
        }
      }
      case "wait" -> {
        if (!invocation.call().awaits()) {
          throw new IllegalArgumentException(
              "mode wait needs await: {callback: true} beside the adapter");
        }
      }
      default -> throw new IllegalArgumentException("mode must be sync or wait, not " + mode);
    }
  }

  /** The path of a production webhook may have several segments. */
  private static String path(Object path) {
    if (!(path instanceof String text) || text.isEmpty()) {
      throw new IllegalArgumentException("the param path is that of the workflow's webhook");
    }
    List<String> segments = new ArrayList<>();
    for (String segment : (text.startsWith("/") ? text.substring(1) : text).split("/", -1)) {
      if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
        throw new IllegalArgumentException("this is no path of a webhook: " + text);
      }
      segments.add(Percent.encode(segment));
    }
    return String.join("/", segments);
  }

  /** The param {@code body}, or what is no option; and where to call back, if somebody waits. */
  private static Object body(Map<?, ?> params, Invocation invocation) {
    Object given;
    if (params.containsKey("body")) {
      given = params.get("body");
    } else {
      Map<String, Object> rest = Script.without(params);
      rest.remove("path");
      rest.remove("mode");
      given = rest;
    }
    if (invocation.call().callbackUrl() == null) {
      return given == null ? Map.of() : given;
    }
    Map<String, Object> body = new LinkedHashMap<>();
    switch (given) {
      case null -> {}
      case Map<?, ?> map -> map.forEach((name, value) -> body.put((String) name, value));
      default ->
          throw new IllegalArgumentException(
              "with an await the body must be a map, for callbackUrl");
    }
    body.put("callbackUrl", invocation.call().callbackUrl());
    return body;
  }

  /** Errors are {@code n8n.<code>}, where the answer or else the status gives the code. */
  private static Reply named(Reply reply) {
    if (!(reply instanceof Reply.Answered answered) || answered.status() < 400) {
      return reply;
    }
    Map<?, ?> body = answered.body() instanceof Map<?, ?> map ? map : Map.of();
    String code = code(body);
    int status = answered.status();
    if (code.isEmpty() && (OF_THE_WAY.contains(status) || status == 404)) {
      return reply;
    }
    String said = body.get("message") instanceof String text ? text : "";
    String name = code.isEmpty() ? String.valueOf(status) : code;
    String message = "n8n answered " + name + (said.isEmpty() ? "" : ": " + said);
    boolean again =
        body.get("retryable") instanceof Boolean flag ? flag : status >= 500 || status == 429;
    return new Reply.Failed(
        new Failure("n8n." + name, message, status, again, "", kept(answered.body()), null));
  }

  private static Object kept(Object body) {
    return Json.bytes(body, Limits.ERROR_DATA_BYTES_MAX) <= Limits.ERROR_DATA_BYTES_MAX
        ? body
        : null;
  }

  private static String code(Map<?, ?> body) {
    Object inner = body.get("error") instanceof Map<?, ?> error ? error.get("code") : null;
    Object code = body.get("code") == null ? inner : body.get("code");
    String text =
        switch (code) {
          case String written -> written;
          // n8n's own errors repeat the status here, or say 0 for nothing.
          case Long number when number > 0 -> number.toString();
          case null, default -> "";
        };
    return CODE.matcher(text).matches() ? text.toLowerCase(Locale.ROOT) : "";
  }
}
