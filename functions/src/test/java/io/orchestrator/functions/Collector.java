package io.orchestrator.functions;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;

/**
 * A small OpenTelemetry collector: takes spans by OTLP over HTTP in protobuf, by the field numbers
 * of opentelemetry-proto's trace service.
 */
final class Collector implements AutoCloseable {
  private final Queue<Got> spans = new ConcurrentLinkedQueue<>();
  private final Queue<String> raw = new ConcurrentLinkedQueue<>();
  private final Queue<String> keys = new ConcurrentLinkedQueue<>();
  private final HttpServer server;
  private volatile int status = 200;

  /** A span that arrived; {@code error} is whether its status says so. */
  record Got(
      String trace,
      String id,
      String parent,
      String state,
      String name,
      int kind,
      long begun,
      long ended,
      Map<String, Object> attributes,
      List<String> links,
      boolean error,
      Map<String, Object> resource) {

    Object attribute(String attribute) {
      return attributes.get(attribute);
    }
  }

  Collector() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext(
        "/v1/traces",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          raw.add(new String(body, StandardCharsets.ISO_8859_1));
          keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("x-collector-key")));
          if (status == 200) {
            request(body);
          }
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** From now on it answers so. */
  void answers(int newStatus) {
    status = newStatus;
  }

  List<Got> spans() {
    return List.copyOf(spans);
  }

  /** Everything that was ever sent, as it was sent. */
  String raw() {
    return String.join("\n", raw);
  }

  int requests() {
    return raw.size();
  }

  List<String> keys() {
    return List.copyOf(keys);
  }

  @Override
  public void close() {
    server.stop(0);
  }

  // -- protobuf: a field is its number and wire type, then a varint, eight bytes, or a length and
  // bytes

  private void request(byte[] body) {
    fields(body, (number, value) -> resourceSpans((byte[]) value));
  }

  private void resourceSpans(byte[] message) {
    Map<String, Object> resource = new LinkedHashMap<>();
    List<byte[]> scopes = new ArrayList<>();
    fields(
        message,
        (number, value) -> {
          if (number == 1) {
            fields((byte[]) value, (n, v) -> attribute(n == 1, v, resource));
          } else if (number == 2) {
            scopes.add((byte[]) value);
          }
        });
    for (byte[] scope : scopes) {
      fields(
          scope,
          (number, value) -> {
            if (number == 2) {
              spans.add(span((byte[]) value, resource));
            }
          });
    }
  }

  private static Got span(byte[] message, Map<String, Object> resource) {
    Map<Integer, Object> said = new LinkedHashMap<>();
    Map<String, Object> attributes = new LinkedHashMap<>();
    List<String> links = new ArrayList<>();
    boolean[] error = new boolean[1];
    fields(
        message,
        (number, value) -> {
          switch (number) {
            case 9 -> attribute(true, value, attributes);
            case 13 -> links.add(link((byte[]) value));
            case 15 -> fields((byte[]) value, (n, v) -> error[0] |= n == 3 && v.equals(2L));
            default -> said.put(number, value);
          }
        });
    return new Got(
        hex(said.get(1)),
        hex(said.get(2)),
        hex(said.get(4)),
        text(said.get(3)),
        text(said.get(5)),
        ((Long) said.getOrDefault(6, 0L)).intValue(),
        (Long) said.get(7),
        (Long) said.get(8),
        attributes,
        links,
        error[0],
        resource);
  }

  private static String link(byte[] message) {
    Map<Integer, Object> said = new LinkedHashMap<>();
    fields(message, said::put);
    return hex(said.get(1)) + "/" + hex(said.get(2));
  }

  private static void attribute(boolean is, Object keyValue, Map<String, Object> attributes) {
    if (is) {
      Map<Integer, Object> pair = new LinkedHashMap<>();
      fields((byte[]) keyValue, pair::put);
      Map<Integer, Object> value = new LinkedHashMap<>();
      fields((byte[]) pair.get(2), value::put);
      value.forEach(
          (number, v) ->
              attributes.put(
                  text(pair.get(1)), number == 1 ? text(v) : number == 2 ? v.equals(1L) : v));
    }
  }

  private static void fields(byte[] message, BiConsumer<Integer, Object> each) {
    ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      long tag = varint(in);
      int number = (int) (tag >>> 3);
      switch ((int) (tag & 7)) {
        case 0 -> each.accept(number, varint(in));
        case 1 -> each.accept(number, in.getLong());
        case 2 -> {
          byte[] bytes = new byte[(int) varint(in)];
          in.get(bytes);
          each.accept(number, bytes);
        }
        case 5 -> each.accept(number, (long) in.getInt());
        default -> throw new IllegalStateException("no wire type of protobuf: " + (tag & 7));
      }
    }
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte next = in.get();
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalStateException("a varint has no end");
  }

  private static String hex(Object bytes) {
    return bytes == null ? "" : HexFormat.of().formatHex((byte[]) bytes);
  }

  private static String text(Object bytes) {
    return bytes == null ? "" : new String((byte[]) bytes, StandardCharsets.UTF_8);
  }
}
