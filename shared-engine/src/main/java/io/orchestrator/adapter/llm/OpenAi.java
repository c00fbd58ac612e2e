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

/**
 * The Chat Completions API of OpenAI, which many other servers speak too (vLLM, Ollama, LiteLLM,
 * Azure's v1, ...).
 */
final class OpenAi implements Provider {
  private static final String USUAL = "https://api.openai.com/v1";

  private final Line line;

  OpenAi(Line line) {
    this.line = line;
  }

  @Override
  public Exchange.Request request(Prompt prompt, Invocation invocation) throws Line.Unwritable {
    URI base = invocation.definition().baseUrl();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("model", prompt.model());
    body.put("messages", messages(prompt));
    // OpenAI's own models of today refuse the old name; other servers know no other.
    body.put(base == null ? "max_completion_tokens" : "max_tokens", prompt.maxTokens());
    if (prompt.temperature() != null) {
      body.put("temperature", prompt.temperature());
    }
    if (prompt.shape() != null) {
      body.put("response_format", format(prompt.shape()));
    }
    body.putAll(prompt.options());
    Line.Ask ask =
        Line.Ask.post((base == null ? USUAL : base.toString()) + "/chat/completions", body);
    return line.write(invocation, ask.with(key(invocation, base)));
  }

  /** Where nobody says how to authenticate at OpenAI itself, by the usual secret. */
  private static Map<String, String> key(Invocation invocation, URI base) {
    boolean usual =
        base == null
            && invocation.definition().auth() instanceof Auth.None
            && invocation.definition().data().get("auth") == null;
    return usual
        ? Map.of("Authorization", "Bearer " + invocation.vault().reveal(new Secret("openai_key")))
        : Map.of();
  }

  private static List<Object> messages(Prompt prompt) {
    List<Object> messages = new ArrayList<>();
    if (!prompt.system().isEmpty()) {
      messages.add(message("system", prompt.system()));
    }
    prompt.messages().forEach(said -> messages.add(message(said.role(), said.text())));
    return messages;
  }

  private static Map<String, Object> message(String role, String text) {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("role", role);
    message.put("content", text);
    return message;
  }

  private static Map<String, Object> format(AnswerShape shape) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("name", "answer");
    schema.put("strict", shape.isStrict());
    schema.put("schema", shape.told());
    Map<String, Object> format = new LinkedHashMap<>();
    format.put("type", "json_schema");
    format.put("json_schema", schema);
    return format;
  }

  @Override
  public Turn turn(Map<?, ?> body) {
    List<?> choices = Parts.list(body, "choices");
    Map<?, ?> choice =
        !choices.isEmpty() && choices.getFirst() instanceof Map<?, ?> first ? first : Map.of();
    Map<?, ?> message = Parts.map(choice, "message");
    String refusal = Parts.text(message, "refusal");
    boolean filtered = Parts.text(choice, "finish_reason").equals("content_filter");
    Turn.Finish finish =
        filtered || !refusal.isEmpty()
            ? Turn.Finish.REFUSED
            : Parts.text(choice, "finish_reason").equals("length")
                ? Turn.Finish.LENGTH
                : Turn.Finish.STOP;
    Map<?, ?> usage = Parts.map(body, "usage");
    long cached = Tokens.count(Parts.map(usage, "prompt_tokens_details"), "cached_tokens");
    return new Turn(
        Parts.text(message, "content"),
        null,
        finish,
        filtered && refusal.isEmpty() ? "content_filter" : refusal,
        new Tokens(
            Tokens.count(usage, "prompt_tokens") - cached,
            cached,
            Tokens.count(usage, "completion_tokens")));
  }

  @Override
  public Reply refused(Exchange.Response response, Invocation invocation) {
    Map<?, ?> body = Line.data(response) instanceof Map<?, ?> map ? map : Map.of();
    Map<?, ?> error = Parts.map(body, "error");
    String code = Parts.text(error, "code");
    Reply trouble =
        Trouble.of(
            response,
            code.isEmpty() ? Parts.text(error, "type") : code,
            Parts.text(error, "message"),
            invocation);
    return trouble == null ? Line.reply(response, invocation) : trouble;
  }
}
