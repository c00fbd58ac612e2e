package io.orchestrator.functions;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.MessageAttribute;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import io.orchestrator.expression.Json;
import io.orchestrator.expression.JsonException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Events and answers of functions that are called in more than one shape, as plain data. */
final class Streams {
  private Streams() {}

  /** The event; anything but an object is refused by name. */
  static Map<?, ?> read(InputStream in) throws IOException {
    try {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      if (Json.readStored(EventText.readable(text)) instanceof Map<?, ?> event) {
        return event;
      }
    } catch (JsonException e) {
      throw new IllegalArgumentException("The event is not JSON: " + e.getMessage(), e);
    }
    throw new IllegalArgumentException("The event is not an object");
  }

  static void write(OutputStream out, Object answer) throws IOException {
    out.write(Json.write(answer).getBytes(StandardCharsets.UTF_8));
  }

  /** The messages of an SQS event, null if it is none. */
  static List<SQSMessage> messages(Map<?, ?> event) {
    if (!(event.get("Records") instanceof List<?> records)) {
      return null;
    }
    List<SQSMessage> messages = new ArrayList<>();
    for (Object record : records) {
      messages.add(message((Map<?, ?>) record));
    }
    return messages;
  }

  /** What failed of a batch, as plain data. */
  static Map<String, Object> failures(SQSBatchResponse answer) {
    return Map.of(
        "batchItemFailures",
        answer.getBatchItemFailures().stream()
            .map(failure -> Map.of("itemIdentifier", failure.getItemIdentifier()))
            .toList());
  }

  @SuppressWarnings("unchecked") // the attributes of SQS are texts
  private static SQSMessage message(Map<?, ?> record) {
    SQSMessage message = new SQSMessage();
    message.setMessageId((String) record.get("messageId"));
    message.setReceiptHandle((String) record.get("receiptHandle"));
    message.setBody((String) record.get("body"));
    message.setEventSourceArn((String) record.get("eventSourceARN"));
    message.setAttributes((Map<String, String>) record.get("attributes"));
    message.setMessageAttributes(
        texts((Map<String, Map<String, Object>>) record.get("messageAttributes")));
    return message;
  }

  /** Only texts are sent beside our messages. */
  private static Map<String, MessageAttribute> texts(Map<String, Map<String, Object>> attributes) {
    Map<String, MessageAttribute> texts = new LinkedHashMap<>();
    if (attributes != null) {
      attributes.forEach(
          (name, value) -> {
            MessageAttribute text = new MessageAttribute();
            text.setDataType((String) value.get("dataType"));
            text.setStringValue((String) value.get("stringValue"));
            texts.put(name, text);
          });
    }
    return texts;
  }
}
