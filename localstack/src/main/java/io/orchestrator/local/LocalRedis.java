package io.orchestrator.local;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A real Redis on a loopback port that keeps nothing on disk: one from the PATH if it is 7 or
 * newer, else the bundled one.
 */
public final class LocalRedis implements AutoCloseable {
  private static final Duration READY_MAX = Duration.ofSeconds(20);
  private static final int VERSION_MIN = 7;
  private static final Pattern VERSION = Pattern.compile("v=(\\d+)\\.");
  private static final Map<String, String> BUNDLED =
      Map.of(
          "amd64", "redis-server-6.2.6-v5-linux-amd64",
          "aarch64", "redis-server-6.2.7-linux-arm64");

  private final Process process;
  private final int port;
  private final Path program;

  private LocalRedis(Process process, int port, Path program) {
    this.process = process;
    this.port = port;
    this.program = program;
  }

  /** Ends the server of a killed stack, starts a new one; it answers PING when this returns. */
  public static LocalRedis start(Home home, Ports ports) {
    stopLeftover(home);
    Path program = newest().orElseGet(() -> bundled(home));
    int port = ports.of("redis");
    Path log = home.logs().resolve("redis.log");
    List<String> command =
        List.of(
            program.toString(),
            "--bind",
            "127.0.0.1",
            "--port",
            Integer.toString(port),
            "--save",
            "",
            "--appendonly",
            "no",
            "--daemonize",
            "no",
            "--dir",
            home.run().toString(),
            "--maxmemory",
            "256mb",
            "--maxmemory-policy",
            "allkeys-lru");
    try {
      Process process =
          new ProcessBuilder(Programs.inOwnSession(command))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      Programs.note(pidFile(home), process.pid());
      LocalRedis redis = new LocalRedis(process, port, program);
      redis.awaitReady(log);
      return redis;
    } catch (IOException e) {
      throw new StackException("Redis did not start: " + e.getMessage(), e);
    }
  }

  /** Stops the server that a killed stack has left behind; true if there was one. */
  public static boolean stopLeftover(Home home) {
    Optional<ProcessHandle> leftover = Programs.noted(pidFile(home));
    leftover.ifPresent(process -> Programs.end(process, Duration.ofSeconds(5)));
    return leftover.isPresent();
  }

  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  public int port() {
    return port;
  }

  public long pid() {
    return process.pid();
  }

  public Path program() {
    return program;
  }

  @Override
  public void close() {
    Programs.end(process.toHandle(), Duration.ofSeconds(5));
  }

  private static Path pidFile(Home home) {
    return home.run().resolve("redis.pid");
  }

  private static Optional<Path> newest() {
    return Programs.onPath("redis-server")
        .filter(
            program -> {
              String said =
                  Programs.run(List.of(program.toString(), "--version"), "", Duration.ofSeconds(5))
                      .output();
              Matcher version = VERSION.matcher(said == null ? "" : said);
              return version.find() && Integer.parseInt(version.group(1)) >= VERSION_MIN;
            });
  }

  private static Path bundled(Home home) {
    String name = BUNDLED.get(System.getProperty("os.arch"));
    if (name == null) {
      throw new StackException(
          "No Redis is bundled for this machine; put a redis-server of version 7 on the PATH.");
    }
    Path program = home.bin().resolve(name);
    if (Files.isExecutable(program)) {
      return program;
    }
    try (InputStream in = LocalRedis.class.getResourceAsStream("/" + name)) {
      if (in == null) {
        throw new StackException("The bundled Redis is missing: " + name);
      }
      Path draft = Files.createTempFile(home.bin(), name, ".new");
      Files.copy(in, draft, StandardCopyOption.REPLACE_EXISTING);
      Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rwxr-xr-x"));
      return Files.move(draft, program, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new StackException("Cannot unpack Redis: " + e.getMessage(), e);
    }
  }

  private void awaitReady(Path log) {
    long deadline = System.nanoTime() + READY_MAX.toNanos();
    while (!answers()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        process.destroyForcibly();
        throw new StackException("Redis did not start on port " + port + ". See " + log);
      }
      if (Programs.ended(process.toHandle(), Duration.ofMillis(20))) {
        throw new StackException("Redis ended at once. See " + log);
      }
    }
  }

  private boolean answers() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      return socket.getInputStream().read() == '+';
    } catch (IOException e) {
      return false;
    }
  }
}
