package io.orchestrator.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.orchestrator.expression.Json;
import io.orchestrator.secret.SecretLookup.Found;
import io.orchestrator.secret.SecretLookup.Missing;
import io.orchestrator.secret.SecretLookup.Unavailable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
  private static final Set<String> SYSTEM = Set.of("database");
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-22T12:00:00Z"));
  private final Map<String, String> manager = new ConcurrentHashMap<>();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile boolean down;
  private HttpServer server;
  @TempDir private Path folder;

  @BeforeEach
  void start() throws IOException {
    System.setProperty("aws.accessKeyId", "local");
    System.setProperty("aws.secretAccessKey", "local");
    System.setProperty("aws.region", "eu-central-1");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    List.of("aws.accessKeyId", "aws.secretAccessKey", "aws.region").forEach(System::clearProperty);
  }

  /** The part of Secrets Manager's protocol that reading needs (AWS JSON 1.1). */
  private void answer(HttpExchange exchange) throws IOException {
    asked.incrementAndGet();
    Map<?, ?> request = (Map<?, ?>) Json.read(exchange.getRequestBody().readAllBytes());
    String value = manager.get(String.valueOf(request.get("SecretId")));
    String body =
        down
            ? "{\"__type\":\"AccessDeniedException\"}"
            : value == null
                ? "{\"__type\":\"ResourceNotFoundException\"}"
                : Json.write(Map.of("SecretString", value));
    exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.1");
    exchange.sendResponseHeaders(value == null || down ? 400 : 200, body.getBytes(UTF_8).length);
    try (exchange) {
      exchange.getResponseBody().write(body.getBytes(UTF_8));
    }
  }

  private Secrets aws() {
    return new Secrets(
        new AwsSecrets(URI.create("http://127.0.0.1:" + server.getAddress().getPort())),
        SYSTEM,
        now::get);
  }

  private Secrets local(Map<String, String> environment) {
    return new Secrets(new LocalSecrets(folder, environment, SYSTEM), SYSTEM, now::get);
  }

  private void file(String path, String value) throws IOException {
    Files.createDirectories(folder.resolve(path).getParent());
    Files.writeString(folder.resolve(path), value);
  }

  private static String found(SecretLookup lookup) {
    assertThat(lookup).isInstanceOf(Found.class);
    return ((Found) lookup).text().reveal();
  }

  @Test
  void both_sources_keep_tenants_and_system_apart() throws IOException {
    manager.putAll(
        Map.of("orchestrator/acme/key", "a", "orchestrator/globex/key", "g", "database", "db"));
    file("acme/key", "a\n");
    file("globex/key", "g");
    file("database", "db");
    for (Secrets secrets : List.of(aws(), local(Map.of()))) {
      try (secrets) {
        assertThat(found(secrets.value("acme", "key"))).isEqualTo("a");
        assertThat(found(secrets.value("globex", "key"))).isEqualTo("g");
        assertThat(found(secrets.system("database"))).isEqualTo("db");
        assertThat(secrets.value("acme", "database")).isInstanceOf(Missing.class);
        assertThat(secrets.value("acme", "other")).isInstanceOf(Missing.class);
        assertThatThrownBy(() -> secrets.system("key"))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "../database",
        "../globex/key",
        "a/b",
        "/etc/passwd",
        "a\\b",
        "%2e%2e",
        "a b",
        "key\n",
        "käse",
        "arn:aws:secretsmanager:eu-central-1:1:secret:database"
      })
  void a_name_that_could_leave_the_tenants_place_is_missing_and_nothing_is_asked(String name)
      throws IOException {
    file("globex/key", "g");
    file("database", "db");
    try (Secrets aws = aws();
        Secrets local = local(Map.of())) {
      for (Secrets secrets : List.of(aws, local)) {
        assertThat(secrets.value("acme", name)).isInstanceOf(Missing.class);
        assertThat(secrets.value(name, "key")).isInstanceOf(Missing.class);
      }
    }
    assertThat(asked).hasValue(0);
  }

  @Test
  void the_environment_serves_what_no_file_does_but_never_a_system_secret_to_a_tenant()
      throws IOException {
    file("acme/both", "file");
    try (Secrets secrets =
        local(
            Map.of(
                "ORCHESTRATOR_SECRET_STRIPE_KEY",
                "s",
                "ORCHESTRATOR_SECRET_BOTH",
                "environment",
                "ORCHESTRATOR_SECRET_DATABASE",
                "db",
                "HOME",
                "/root"))) {
      assertThat(found(secrets.value("acme", "stripe-key"))).isEqualTo("s");
      assertThat(found(secrets.value("acme", "both"))).isEqualTo("file");
      assertThat(found(secrets.system("database"))).isEqualTo("db");
      assertThat(secrets.value("acme", "database")).isInstanceOf(Missing.class);
      assertThat(secrets.value("acme", "DataBase")).isInstanceOf(Missing.class);
    }
  }

  @Test
  void a_link_out_of_the_folder_is_not_followed() throws IOException {
    Path outside = Files.createTempFile("outside", "");
    Files.writeString(outside, "x");
    Files.createDirectories(folder.resolve("acme"));
    Files.createSymbolicLink(folder.resolve("acme/key"), outside);
    try (Secrets secrets = local(Map.of())) {
      assertThat(secrets.value("acme", "key")).isInstanceOf(Missing.class);
    } finally {
      Files.delete(outside);
    }
  }

  @Test
  void a_value_is_kept_five_minutes_and_serves_for_an_hour_while_the_source_is_down() {
    manager.put("orchestrator/acme/key", "old");
    try (Secrets secrets = aws()) {
      assertThat(found(secrets.value("acme", "key"))).isEqualTo("old");
      manager.put("orchestrator/acme/key", "new");
      assertThat(found(secrets.value("acme", "key"))).isEqualTo("old");
      assertThat(asked).hasValue(1);
      down = true;
      now.updateAndGet(t -> t.plus(Duration.ofMinutes(6)));
      assertThat(found(secrets.value("acme", "key"))).isEqualTo("old");
      assertThat(secrets.value("acme", "other")).isInstanceOf(Unavailable.class);
      now.updateAndGet(t -> t.plus(Duration.ofMinutes(60)));
      assertThat(secrets.value("acme", "key")).isInstanceOf(Unavailable.class);
      down = false;
      assertThat(found(secrets.value("acme", "key"))).isEqualTo("new");
    }
  }

  @Test
  void a_rotated_password_is_read_again_after_it_was_forgotten() {
    manager.put("database", "{\"username\":\"u\",\"password\":\"one\"}");
    try (Secrets secrets = aws()) {
      assertThat(((Found) secrets.system("database")).text().field("password")).hasValue("one");
      manager.put("database", "two");
      secrets.forgetSystem("database");
      assertThat(found(secrets.system("database"))).isEqualTo("two");
      assertThat(((Found) secrets.system("database")).text().field("password")).isEmpty();
    }
  }

  @Test
  void a_value_shows_in_no_text() {
    manager.put("orchestrator/acme/key", "hunter2");
    try (Secrets secrets = aws()) {
      assertThat(secrets.value("acme", "key").toString()).doesNotContain("hunter2");
    }
  }
}
