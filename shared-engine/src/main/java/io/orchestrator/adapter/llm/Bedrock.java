package io.orchestrator.adapter.llm;

import io.orchestrator.adapter.Auth;
import io.orchestrator.adapter.Invocation;
import io.orchestrator.adapter.Percent;
import io.orchestrator.adapter.Reply;
import io.orchestrator.adapter.aws.AwsErrors;
import io.orchestrator.adapter.aws.AwsJson;
import io.orchestrator.adapter.aws.AwsSigner;
import io.orchestrator.adapter.http.Exchange;
import io.orchestrator.adapter.http.Line;
import io.orchestrator.execution.Failure;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The Converse operation of Amazon Bedrock. Data is asked for as the input of a tool that the model
 * must use, which is the one way that models of every maker share.
 */
final class Bedrock implements Provider {
  private static final String HOST = "bedrock-runtime";
  private static final String SERVICE = "bedrock";
  private static final String TOOL = "answer";

  private final Line line;
  private final AwsSigner signer;

  Bedrock(Line line, AwsSigner signer) {
    this.line = line;
    this.signer = signer;
  }

  @Override
  public Exchange.Request request(Prompt prompt, Invocation invocation)
      throws Line.Unwritable, AwsSigner.Unsigned {
    URI base = invocation.definition().baseUrl();
    String region = signer.region(invocation);
    String target =
        (base == null ? AwsSigner.endpoint(HOST, region) : base.toString())
            + "/model/"
            + Percent.encode(prompt.model())
            + "/converse";
    Exchange.Request request = line.write(invocation, Line.Ask.post(target, body(prompt)));
    // An API key of Bedrock is a bearer token, and needs no signature.
    return invocation.definition().auth() instanceof Auth.Bearer
        ? request
        : signer.sign(request, SERVICE, region, invocation);
  }

  private static Map<String, Object> body(Prompt prompt) {
    Map<String, Object> body = new LinkedHashMap<>();
    List<Object> messages = new ArrayList<>();
    for (Prompt.Message said : prompt.messages()) {
      Map<String, Object> message = new LinkedHashMap<>();
      message.put("role", said.role());
      message.put("content", List.of(Map.of("text", said.text())));
      messages.add(message);
    }
    body.put("messages", messages);
    if (!prompt.system().isEmpty()) {
      body.put("system", List.of(Map.of("text", prompt.system())));
    }
    Map<String, Object> inference = new LinkedHashMap<>();
    inference.put("maxTokens", prompt.maxTokens());
    if (prompt.temperature() != null) {
      inference.put("temperature", prompt.temperature());
    }
    body.put("inferenceConfig", inference);
    if (prompt.shape() != null) {
      body.put("toolConfig", tool(prompt.shape()));
    }
    if (!prompt.options().isEmpty()) {
      body.put("additionalModelRequestFields", prompt.options());
    }
    return body;
  }

  private static Map<String, Object> tool(AnswerShape shape) {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("name", TOOL);
    spec.put("description", "Takes the answer");
    spec.put("inputSchema", Map.of("json", shape.told()));
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("tools", List.of(Map.of("toolSpec", spec)));
    config.put("toolChoice", Map.of("tool", Map.of("name", TOOL)));
    return config;
  }

  @Override
  public Turn turn(Map<?, ?> body) {
    List<?> content = Parts.list(Parts.map(Parts.map(body, "output"), "message"), "content");
    Object data = null;
    for (Object block : content) {
      if (block instanceof Map<?, ?> map && map.get("toolUse") instanceof Map<?, ?> use) {
        data = use.get("input");
      }
    }
    String reason = Parts.text(body, "stopReason");
    Turn.Finish finish =
        switch (reason) {
          case "max_tokens", "model_context_window_exceeded" -> Turn.Finish.LENGTH;
          case "guardrail_intervened", "content_filtered" -> Turn.Finish.REFUSED;
          default -> Turn.Finish.STOP;
        };
    Map<?, ?> usage = Parts.map(body, "usage");
    return new Turn(
        Parts.joined(content, "text"),
        data,
        finish,
        finish == Turn.Finish.REFUSED ? reason : "",
        new Tokens(
            Tokens.count(usage, "inputTokens") + Tokens.count(usage, "cacheWriteInputTokens"),
            Tokens.count(usage, "cacheReadInputTokens"),
            Tokens.count(usage, "outputTokens")));
  }

  @Override
  public Reply refused(Exchange.Response typed, Invocation invocation) {
    Exchange.Response response = AwsJson.plain(typed);
    Object body = Line.data(response);
    String code = AwsErrors.code(response, body);
    Reply trouble = Trouble.of(response, code, AwsErrors.message(body), invocation);
    if (trouble != null) {
      return trouble;
    }
    if (code.equals("ModelErrorException")) {
      String message = invocation.definition().adapter() + ": " + AwsErrors.message(body);
      return new Reply.Failed(
          new Failure("adapter_error", message, response.status(), true, "", null, null));
    }
    return AwsErrors.reply(response, invocation);
  }
}
