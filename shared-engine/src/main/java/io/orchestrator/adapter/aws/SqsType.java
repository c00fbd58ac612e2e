package io.orchestrator.adapter.aws;

import io.orchestrator.adapter.AdapterType;
import io.orchestrator.adapter.Invocation;
import io.orchestrator.adapter.Reply;
import io.orchestrator.adapter.http.Exchange;
import io.orchestrator.adapter.http.Line;
import io.orchestrator.execution.Failure;
import io.orchestrator.expression.Json;
import io.orchestrator.flow.Durations;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Adapters of type {@code sqs}: they send a message to one queue, over the JSON protocol of SQS
 * ({@code AmazonSQS.SendMessage}).
 */
public final class SqsType implements AdapterType {
  private static final String SERVICE = "sqs";
  private static final int DELAY_SECONDS_MAX = 900;
  private static final int ATTRIBUTES_MAX = 10;
  private static final Pattern DEDUPLICATION =
      Pattern.compile("[A-Za-z0-9!\"#$%&'()*+,./:;<=>?@\\[\\\\\\]^_`{|}~-]{1,128}");

  private final Line line;
  private final AwsSigner signer;
  private final Set<String> own;

  /**
   * @param own addresses of the engine's queues, to which no adapter may send
   */
  public SqsType(Line line, AwsSigner signer, Set<String> own) {
    this.line = line;
    this.signer = signer;
    this.own = Set.copyOf(own);
  }

  @Override
  public Reply call(Invocation invocation) {
    try {
      String queue = invocation.setting("queue_url");
      Map<String, Object> message = message(invocation, queue);
      Exchange exchange = line.send(request(invocation, queue, message));
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

  private Exchange.Request request(Invocation invocation, String queue, Map<String, Object> message)
      throws Line.Unwritable, AwsSigner.Unsigned {
    Line.Ask ask =
        Line.Ask.post(endpoint(invocation, queue) + "/", message)
            .with(
                Map.of(
                    "Content-Type",
                    "application/x-amz-json-1.0",
                    "X-Amz-Target",
                    "AmazonSQS.SendMessage"));
    return signer.sign(line.write(invocation, ask), SERVICE, signer.region(invocation), invocation);
  }

  /** The definition's {@code base_url}, or the service that its queue's address names. */
  private static String endpoint(Invocation invocation, String queue) {
    URI base = invocation.definition().baseUrl();
    if (base != null) {
      return base.toString();
    }
    URI address = URI.create(queue);
    if (address.getHost() == null || address.getScheme() == null) {
      throw new IllegalArgumentException(
          "the setting queue_url of " + invocation.definition().adapter() + " is no URL");
    }
    return address.getScheme() + "://" + address.getRawAuthority();
  }

  private Map<String, Object> message(Invocation invocation, String queue) {
    if (queue.isEmpty()) {
      throw new IllegalArgumentException(
          invocation.definition().adapter() + " has no queue: write settings: {queue_url: ...}");
    }
    if (own.stream().anyMatch(url -> path(url).equals(path(queue)))) {
      throw new IllegalArgumentException(
          invocation.definition().adapter() + " may not send to a queue of the engine");
    }
    Map<?, ?> params = options(invocation.asked());
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("QueueUrl", queue);
    Object body = params.get("message");
    message.put("MessageBody", body instanceof String text ? text : Json.write(body));
    if (params.get("delay") != null) {
      message.put("DelaySeconds", delay(params.get("delay")));
    }
    grouped(message, params, invocation, queue.endsWith(".fifo"));
    Map<String, Object> attributes = attributes(params.get("attributes"));
    if (!attributes.isEmpty()) {
      message.put("MessageAttributes", attributes);
    }
    return message;
  }

  private static String path(String url) {
    return url.substring(url.indexOf('/', url.indexOf("//") + 2) + 1);
  }

  /** Params without a {@code message} are the message. */
  private static Map<?, ?> options(Object asked) {
    if (asked instanceof Map<?, ?> map && map.containsKey("message")) {
      return map;
    }
    Map<String, Object> whole = new LinkedHashMap<>();
    whole.put("message", asked);
    return whole;
  }

  /**
   * A FIFO queue keeps the order within an execution, and takes the repeated call of a step as the
   * same message, unless the params say otherwise.
   */
  private static void grouped(
      Map<String, Object> message, Map<?, ?> params, Invocation invocation, boolean fifo) {
    Object group = params.get("group_id");
    Object duplicate = params.get("deduplication_id");
    if (group instanceof String text) {
      message.put("MessageGroupId", text);
    } else if (fifo) {
      message.put("MessageGroupId", invocation.call().execution().toString());
    }
    if (duplicate instanceof String text) {
      message.put("MessageDeduplicationId", text);
    } else if (fifo) {
      message.put("MessageDeduplicationId", deduplication(invocation.call().idempotencyKey()));
    }
  }

  private static String deduplication(String key) {
    if (DEDUPLICATION.matcher(key).matches()) {
      return key;
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }

  private static long delay(Object value) {
    Duration delay =
        switch (value) {
          case Long seconds -> Duration.ofSeconds(seconds);
          case String text -> Durations.parse(text);
          default -> null;
        };
    if (delay == null || delay.isNegative() || delay.toSeconds() > DELAY_SECONDS_MAX) {
      throw new IllegalArgumentException("delay must be a duration of at most 15 minutes");
    }
    return delay.toSeconds();
  }

  private static Map<String, Object> attributes(Object value) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    if (value == null) {
      return attributes;
    }
    if (!(value instanceof Map<?, ?> map) || map.size() > ATTRIBUTES_MAX) {
      throw new IllegalArgumentException(
          "attributes must be a map of at most " + ATTRIBUTES_MAX + " names");
    }
    map.forEach((name, content) -> attributes.put((String) name, attribute(content)));
    return attributes;
  }

  private static Map<String, Object> attribute(Object content) {
    boolean number = content instanceof Long || content instanceof BigDecimal;
    Map<String, Object> attribute = new LinkedHashMap<>();
    attribute.put("DataType", number ? "Number" : "String");
    attribute.put("StringValue", content instanceof String text ? text : Json.write(content));
    return attribute;
  }

  private static Reply answered(Exchange.Response response, Invocation invocation) {
    if (response.status() < 200 || response.status() > 299) {
      return AwsErrors.reply(response, invocation);
    }
    Map<?, ?> sent = Line.data(AwsJson.plain(response)) instanceof Map<?, ?> map ? map : Map.of();
    if (!(sent.get("MessageId") instanceof String id)) {
      return new Reply.Failed(
          Failure.fatal(
              "adapter_error", invocation.definition().adapter() + " answered no MessageId"));
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("message_id", id);
    if (sent.get("SequenceNumber") instanceof String number) {
      result.put("sequence_number", number);
    }
    return new Reply.Answered(200, new LinkedHashMap<>(response.headers()), result);
  }
}
