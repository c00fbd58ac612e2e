package io.orchestrator.adapter.llm;

import io.orchestrator.adapter.AdapterType;
import io.orchestrator.adapter.Invocation;
import io.orchestrator.adapter.Reply;
import io.orchestrator.adapter.aws.AwsSigner;
import io.orchestrator.adapter.http.Exchange;
import io.orchestrator.adapter.http.Line;
import io.orchestrator.execution.Failure;
import io.orchestrator.expression.Json;
import io.orchestrator.expression.JsonException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Adapters of type {@code llm}: one turn of a language model. The answer says under {@code usage}
 * what it took and cost, which is where budgets look; so does the failure of a turn that was paid
 * for and cannot be used.
 */
public final class LlmType implements AdapterType {
  private static final int SHOWN_CHARACTERS_MAX = 1_000;

  /** Some models wrap their JSON for a reader of Markdown. */
  private static final Pattern FENCED = Pattern.compile("(?s)```(?:json)?\\s*(.*?)\\s*```");

  private final Line line;
  private final AwsSigner signer;

  public LlmType(Line line, AwsSigner signer) {
    this.line = line;
    this.signer = signer;
  }

  @Override
  public Reply call(Invocation invocation) {
    try {
      LlmSettings settings = LlmSettings.read(invocation.definition().settings());
      Prompt prompt = PromptReader.read(invocation, settings);
      Provider provider =
          switch (settings.speech()) {
            case OPENAI -> new OpenAi(line);
            case ANTHROPIC -> new Anthropic(line);
            case BEDROCK -> new Bedrock(line, signer);
          };
      Exchange exchange = line.send(provider.request(prompt, invocation));
      return exchange instanceof Exchange.Response response
          ? answered(response, provider, prompt, settings, invocation)
          : Line.reply(exchange, invocation);
    } catch (IllegalArgumentException complaint) {
      return new Reply.Failed(Failure.fatal("validation", complaint.getMessage()));
    } catch (Line.Unwritable complaint) {
      return complaint.reply();
    } catch (AwsSigner.Unsigned complaint) {
      return new Reply.Failed(Failure.fatal("authentication", complaint.getMessage()));
    }
  }

  private static Reply answered(
      Exchange.Response response,
      Provider provider,
      Prompt prompt,
      LlmSettings settings,
      Invocation invocation) {
    if (response.status() < 200 || response.status() > 299) {
      return provider.refused(response, invocation);
    }
    if (!(Line.data(response) instanceof Map<?, ?> body)) {
      return new Reply.Failed(
          Failure.fatal(
              "adapter_error", invocation.definition().adapter() + " answered no JSON object"));
    }
    Turn turn = provider.turn(body);
    Map<String, Object> usage = usage(prompt.model(), turn.tokens(), settings.prices());
    if (prompt.shape() == null) {
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("text", turn.text());
      result.put("finish", turn.finish().name().toLowerCase(Locale.ROOT));
      result.put("usage", usage);
      return done(response, result);
    }
    return structured(response, turn, prompt.shape(), usage, invocation);
  }

  private static Reply structured(
      Exchange.Response response,
      Turn turn,
      AnswerShape shape,
      Map<String, Object> usage,
      Invocation invocation) {
    if (turn.finish() == Turn.Finish.REFUSED) {
      String why = turn.refusal().isEmpty() ? "" : ": " + turn.refusal();
      return unusable("refused", "would not answer" + why, false, turn, usage, invocation);
    }
    if (turn.finish() == Turn.Finish.LENGTH) {
      String what = "answered part of its JSON only, for max_tokens were used up";
      return unusable("bad_output", what, false, turn, usage, invocation);
    }
    Object data;
    try {
      data = turn.data() == null ? parsed(turn.text()) : turn.data();
    } catch (JsonException broken) {
      String what = "answered what is no JSON: " + broken.getMessage();
      return unusable("bad_output", what, true, turn, usage, invocation);
    }
    String misfit = data instanceof Map ? shape.misfit(data) : "not an object";
    if (misfit != null) {
      String what = "answered data that does not fit the schema, " + misfit;
      return unusable("bad_output", what, true, turn, usage, invocation);
    }
    Map<String, Object> result = new LinkedHashMap<>();
    if (PromptReader.classifies(invocation)) {
      ((Map<?, ?>) data).forEach((name, value) -> result.put((String) name, value));
    } else {
      result.put("data", data);
      result.put("finish", "stop");
    }
    result.put("usage", usage);
    return done(response, result);
  }

  private static Object parsed(String text) {
    Matcher fenced = FENCED.matcher(text.strip());
    return Json.read(fenced.matches() ? fenced.group(1) : text.strip());
  }

  private static Reply done(Exchange.Response response, Map<String, Object> result) {
    return new Reply.Answered(200, new LinkedHashMap<>(response.headers()), result);
  }

  /** A model may do better the next time, unless it has no room or will not. */
  private static Reply unusable(
      String code,
      String what,
      boolean retryable,
      Turn turn,
      Map<String, Object> usage,
      Invocation invocation) {
    String text =
        turn.data() == null || !turn.text().isEmpty() ? turn.text() : Json.write(turn.data());
    Map<String, Object> data = new LinkedHashMap<>();
    data.put(
        "text",
        text.codePointCount(0, text.length()) > SHOWN_CHARACTERS_MAX
            ? text.substring(0, text.offsetByCodePoints(0, SHOWN_CHARACTERS_MAX))
            : text);
    data.put("usage", usage);
    String message = "the model of " + invocation.definition().adapter() + " " + what;
    return new Reply.Failed(
        new Failure(Trouble.own(code, invocation), message, 200, retryable, "", data, null));
  }

  private static Map<String, Object> usage(String model, Tokens tokens, Prices prices) {
    Map<String, Object> usage = new LinkedHashMap<>();
    usage.put("model", model);
    usage.put("input_tokens", tokens.input() + tokens.cached());
    usage.put("output_tokens", tokens.output());
    usage.put("tokens", tokens.input() + tokens.cached() + tokens.output());
    BigDecimal cost = prices.cost(model, tokens);
    if (cost != null) {
      usage.put("cost", cost.scale() == 0 ? (Object) cost.longValueExact() : cost);
    }
    return usage;
  }
}
