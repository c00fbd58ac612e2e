package io.orchestrator.adapter.llm;

import io.orchestrator.adapter.Auth;
import io.orchestrator.adapter.Invocation;
import io.orchestrator.adapter.Reply;
import io.orchestrator.adapter.http.Exchange;
import io.orchestrator.adapter.http.Line;
import io.orchestrator.expression.Secret;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The Messages API of Anthropic, with its structured outputs. */
final class Anthropic implements Provider {
  private static final String USUAL = "https://api.anthropic.com";
  private static final String VERSION = "2023-06-01";

  private final Line line;

  Anthropic(Line line) {
    this.line = line;
  }

  @Override
  public Exchange.Request request(Prompt prompt, Invocation invocation) throws Line.Unwritable {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("model", prompt.model());
    body.put("max_tokens", prompt.maxTokens());
    if (!prompt.system().isEmpty()) {
      body.put("system", prompt.system());
    }
    List<Object> messages = new ArrayList<>();
    for (Prompt.Message said : prompt.messages()) {
      Map<String, Object> message = new LinkedHashMap<>();
      message.put("role", said.role());
      message.put("content", said.text());
      messages.add(message);
    }
    body.put("messages", messages);
    if (prompt.temperature() != null) {
      body.put("temperature", prompt.temperature());
    }
    if (prompt.shape() != null) {
      Map<String, Object> format = new LinkedHashMap<>();
      format.put("type", "json_schema");
      format.put("schema", prompt.shape().told());
      body.put("output_config", Map.of("format", format));
    }
    body.putAll(prompt.options());
    URI base = invocation.definition().baseUrl();
    Line.Ask ask = Line.Ask.post((base == null ? USUAL : base.toString()) + "/v1/messages", body);
    return line.write(invocation, ask.with(headers(invocation, base)));
  }

  /** Where nobody says how to authenticate at Anthropic itself, by the usual secret. */
  private static Map<String, String> headers(Invocation invocation, URI base) {
    Map<String, String> headers = new LinkedHashMap<>();
    boolean versioned =
        invocation.definition().headers().keySet().stream()
            .anyMatch("anthropic-version"::equalsIgnoreCase);
    if (!versioned) {
      headers.put("anthropic-version", VERSION);
    }
    if (base == null
        && invocation.definition().auth() instanceof Auth.None
        && invocation.definition().data().get("auth") == null) {
      headers.put(
          "x-api-key", String.valueOf(invocation.vault().reveal(new Secret("anthropic_key"))));
    }
    return headers;
  }

  @Override
  public Turn turn(Map<?, ?> body) {
    String text = Parts.joined(Parts.list(body, "content"), "text");
    Map<?, ?> usage = Parts.map(body, "usage");
    Turn.Finish finish =
        switch (Parts.text(body, "stop_reason")) {
          case "max_tokens", "model_context_window_exceeded" -> Turn.Finish.LENGTH;
          case "refusal" -> Turn.Finish.REFUSED;
          default -> Turn.Finish.STOP;
        };
    return new Turn(
        text,
        null,
        finish,
        finish == Turn.Finish.REFUSED ? "refusal" : "",
        new Tokens(
            Tokens.count(usage, "input_tokens")
                + Tokens.count(usage, "cache_creation_input_tokens"),
            Tokens.count(usage, "cache_read_input_tokens"),
            Tokens.count(usage, "output_tokens")));
  }

  @Override
  public Reply refused(Exchange.Response response, Invocation invocation) {
    Map<?, ?> body = Line.data(response) instanceof Map<?, ?> map ? map : Map.of();
    Map<?, ?> error = Parts.map(body, "error");
    Reply trouble =
        Trouble.of(response, Parts.text(error, "type"), Parts.text(error, "message"), invocation);
    return trouble == null ? Line.reply(response, invocation) : trouble;
  }
}
