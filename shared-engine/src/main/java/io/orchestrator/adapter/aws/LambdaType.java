package io.orchestrator.adapter.aws;

import io.orchestrator.adapter.AdapterType;
import io.orchestrator.adapter.Invocation;
import io.orchestrator.adapter.Percent;
import io.orchestrator.adapter.Reply;
import io.orchestrator.adapter.http.Exchange;
import io.orchestrator.adapter.http.Line;
import io.orchestrator.execution.Failure;
import io.orchestrator.expression.Json;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Adapters of type {@code lambda}: they invoke a function and wait for what it returns (the Invoke
 * operation, {@code RequestResponse}).
 */
public final class LambdaType implements AdapterType {
  private static final String SERVICE = "lambda";

  /** A name, a partial or a whole ARN, as the operation takes them. */
  private static final Pattern FUNCTION = Pattern.compile("[A-Za-z0-9_:.$/-]{1,256}");

  private static final Pattern HUMP = Pattern.compile("([a-z0-9])([A-Z])");
  private static final Pattern OTHERS = Pattern.compile("[^a-z0-9_]+");

  private final Line line;
  private final AwsSigner signer;

  public LambdaType(Line line, AwsSigner signer) {
    this.line = line;
    this.signer = signer;
  }

  @Override
  public Reply call(Invocation invocation) {
    try {
      Exchange exchange = line.send(request(invocation));
      return exchange instanceof Exchange.Response response
          ? answered(response, invocation)
          : Line.reply(exchange, invocation);
    } catch (Line.Unwritable complaint) {
      return complaint.reply();
    } catch (AwsSigner.Unsigned complaint) {
      return new Reply.Failed(Failure.fatal("authentication", complaint.getMessage()));
    } catch (IllegalArgumentException complaint) {
      return new Reply.Failed(Failure.fatal("validation", complaint.getMessage()));
    }
  }

  private Exchange.Request request(Invocation invocation)
      throws Line.Unwritable, AwsSigner.Unsigned {
    Object asked = invocation.asked();
    Map<?, ?> params = asked instanceof Map<?, ?> map ? map : Map.of();
    String region = signer.region(invocation);
    URI base = invocation.definition().baseUrl();
    String target =
        (base == null ? AwsSigner.endpoint(SERVICE, region) : base)
            + "/2015-03-31/functions/"
            + Percent.encode(function(params, invocation))
            + "/invocations"
            + qualifier(params, invocation);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("X-Amz-Invocation-Type", "RequestResponse");
    headers.put("X-Amz-Log-Type", "None");
    headers.put("X-Amz-Client-Context", context(invocation));
    Object payload = payload(asked, params);
    Line.Ask ask = Line.Ask.post(target, payload == null ? Map.of() : payload).with(headers);
    return signer.sign(line.write(invocation, ask), SERVICE, region, invocation);
  }

  /** The definition's function, which no param can change; without one the params name it. */
  private static String function(Map<?, ?> params, Invocation invocation) {
    String fixed = invocation.setting("function");
    Object named = params.get("function");
    String function = fixed.isEmpty() && named instanceof String text ? text : fixed;
    if (function.isEmpty()) {
      throw new IllegalArgumentException(
          "no function is named: write settings: {function: ...} in the definition of "
              + invocation.definition().adapter()
              + ", or the param function");
    }
    if (named != null && !function.equals(named)) {
      throw new IllegalArgumentException(
          invocation.definition().adapter() + " invokes " + function + " only");
    }
    if (!FUNCTION.matcher(function).matches()) {
      throw new IllegalArgumentException("this is no function's name: " + function);
    }
    return function;
  }

  private static String qualifier(Map<?, ?> params, Invocation invocation) {
    Object asked = params.get("qualifier");
    String qualifier = asked instanceof String text ? text : invocation.setting("qualifier");
    return qualifier.isEmpty() ? "" : "?Qualifier=" + Percent.encode(qualifier);
  }

  /** The param {@code payload}, or all that says nothing of the function. */
  private static Object payload(Object asked, Map<?, ?> params) {
    if (!(asked instanceof Map<?, ?>)) {
      return asked;
    }
    if (params.containsKey("payload")) {
      return params.get("payload");
    }
    Map<Object, Object> rest = new LinkedHashMap<>(params);
    rest.remove("function");
    rest.remove("qualifier");
    return rest;
  }

  /** Tells the function who calls, and the key that is equal over attempts. */
  private static String context(Invocation invocation) {
    Map<String, Object> custom = new LinkedHashMap<>();
    custom.put("idempotency_key", invocation.call().idempotencyKey());
    custom.put("execution", invocation.call().execution().toString());
    custom.put("step", invocation.call().path());
    byte[] json = Json.write(Map.of("custom", custom)).getBytes(StandardCharsets.UTF_8);
    return Base64.getEncoder().encodeToString(json);
  }

  private static Reply answered(Exchange.Response response, Invocation invocation) {
    if (response.status() < 200 || response.status() > 299) {
      return AwsErrors.reply(response, invocation);
    }
    String kind = response.headers().get("x-amz-function-error");
    Exchange.Response json = AwsJson.plain(response);
    return kind == null
        ? Line.reply(json, invocation)
        : new Reply.Failed(failure(json, invocation));
  }

  /**
   * What a function threw: the last part of its type in the words of error types, so that {@code
   * com.shop.OutOfStock} of the adapter {@code stock} is {@code stock.out_of_stock}. It is as
   * retryable as the 5xx of any other service.
   */
  private static Failure failure(Exchange.Response response, Invocation invocation) {
    String adapter = invocation.definition().adapter();
    Object data = Line.data(response);
    Map<?, ?> error = data instanceof Map<?, ?> map ? map : Map.of();
    String type = error.get("errorType") instanceof String text ? text : "";
    String said = error.get("errorMessage") instanceof String text ? text : "";
    Map<String, Object> kept = new LinkedHashMap<>();
    kept.put("errorType", type);
    kept.put("errorMessage", said);
    boolean late = type.equals("Sandbox.Timedout") || said.contains("Task timed out after");
    String message = "the function of " + adapter + " failed" + (said.isEmpty() ? "" : ": " + said);
    boolean again = !late || invocation.action().idempotent();
    return new Failure(
        late ? "timeout" : adapter + "." + code(type), message, 0, again, "", kept, null);
  }

  private static String code(String errorType) {
    String last = errorType.substring(errorType.lastIndexOf('.') + 1);
    String words = HUMP.matcher(last).replaceAll("$1_$2").toLowerCase(Locale.ROOT);
    String code = OTHERS.matcher(words).replaceAll("_");
    return code.isEmpty() ? "function_error" : code;
  }
}
