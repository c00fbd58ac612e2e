package io.orchestrator.local;

import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Events and answers as the JSON that AWS sends, by the serializers of the Lambda runtime itself.
 */
final class Events {
  private Events() {}

  static byte[] json(Object event) {
    if (event == null) {
      return "null".getBytes(StandardCharsets.UTF_8);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    @SuppressWarnings("unchecked")
    PojoSerializer<Object> serializer = (PojoSerializer<Object>) serializer(event.getClass());
    serializer.toJson(event, out);
    return out.toByteArray();
  }

  static <T> T read(byte[] json, Class<T> type) {
    String text = new String(json, StandardCharsets.UTF_8);
    return text.isBlank() || text.strip().equals("null") ? null : serializer(type).fromJson(text);
  }

  private static <T> PojoSerializer<T> serializer(Class<T> type) {
    return LambdaEventSerializers.isLambdaSupportedEvent(type.getName())
        ? LambdaEventSerializers.serializerFor(type, Events.class.getClassLoader())
        : JacksonFactory.getInstance().getSerializer(type);
  }
}
