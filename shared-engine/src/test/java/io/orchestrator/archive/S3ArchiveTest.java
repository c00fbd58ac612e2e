package io.orchestrator.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An archive in a bucket; the bucket is a server that keeps what S3's protocol says. */
class S3ArchiveTest extends ArchiveContract {
  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private final Map<String, String> headers = new ConcurrentHashMap<>();
  private volatile int refusal;
  private HttpServer server;
  private S3Archive archive;

  @BeforeEach
  void start() throws IOException {
    System.setProperty("aws.accessKeyId", "local");
    System.setProperty("aws.secretAccessKey", "local");
    System.setProperty("aws.region", "eu-central-1");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/bucket/", this::serve);
    server.start();
    URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    archive = new S3Archive("bucket", endpoint, () -> NOW);
  }

  @AfterEach
  void stop() {
    archive.close();
    server.stop(0);
    for (String name : new String[] {"aws.accessKeyId", "aws.secretAccessKey", "aws.region"}) {
      System.clearProperty(name);
    }
  }

  private void serve(HttpExchange exchange) throws IOException {
    String key = exchange.getRequestURI().getPath();
    try (exchange) {
      byte[] sent = exchange.getRequestBody().readAllBytes();
      if (refusal > 0) {
        answer(exchange, refusal, "<Error><Code>InvalidRequest</Code></Error>");
      } else if (exchange.getRequestMethod().equals("PUT")) {
        exchange
            .getRequestHeaders()
            .forEach(
                (name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        objects.put(key, sent);
        exchange.sendResponseHeaders(200, -1);
      } else if (objects.containsKey(key)) {
        exchange.sendResponseHeaders(200, objects.get(key).length);
        exchange.getResponseBody().write(objects.get(key));
      } else {
        answer(exchange, 404, "<Error><Code>NoSuchKey</Code></Error>");
      }
    }
  }

  private static void answer(HttpExchange exchange, int status, String xml) throws IOException {
    byte[] body = xml.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/xml");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  Archive archive() {
    return archive;
  }

  @Test
  void an_object_is_locked_for_seven_years_and_sent_with_its_checksum() {
    archive.put("transitions/x", "one".getBytes(StandardCharsets.UTF_8));
    assertThat(headers)
        .containsEntry("x-amz-object-lock-mode", "COMPLIANCE")
        .containsEntry("x-amz-object-lock-retain-until-date", "2033-02-05T12:00:00Z")
        .containsEntry("x-amz-checksum-sha256", "dpLDrTVAu4A8Ags67mbNiIcSMjTqDG5xQ8Ct1z/0Me0=")
        .containsKey("authorization");
  }

  @Test
  void a_bucket_that_cannot_lock_is_no_archive() {
    refusal = 400;
    assertThatThrownBy(() -> archive.put("transitions/x", new byte[] {1}))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("bucket");
    assertThatThrownBy(() -> archive.get("transitions/x")).isInstanceOf(ArchiveException.class);
  }
}
