package io.orchestrator.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * A real PostgreSQL server for tests, on a free port of the loopback interface: the one of the test
 * dependencies, or that of {@code -Dtest.postgres.bin=DIR}. It can be killed and started again; it
 * ends with this process.
 */
public final class TestPostgres implements AutoCloseable {
  private static final String VERSION = "18.6.0";
  private static final String ARCHIVE = "/postgres-linux-x86_64.txz";
  private static final int NOBODY = 65534;

  private final Path binaries;
  private final Path data;
  private final int port;
  private final boolean fsync;
  private final Thread stopper = new Thread(this::end);
  private Process process;

  private TestPostgres(Path binaries, Path data, int port, boolean fsync) {
    this.binaries = binaries;
    this.data = data;
    this.port = port;
    this.fsync = fsync;
  }

  /**
   * A new, empty server.
   *
   * @param fsync true where durability is tested or measured
   */
  public static TestPostgres start(boolean fsync) {
    try {
      Path binaries = binaries();
      Path data = Files.createTempDirectory("orchestrator-postgres-");
      handOver(data);
      TestPostgres server = new TestPostgres(binaries, data, freePort(), fsync);
      server.run(
          "initdb",
          "-D",
          data.toString(),
          "-U",
          "postgres",
          "-A",
          "trust",
          "-E",
          "UTF8",
          "--locale=C",
          "--no-sync");
      server.start();
      Runtime.getRuntime().addShutdownHook(server.stopper);
      return server;
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }

  /** JDBC address of a database of this server. */
  public String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  /** The port it listens on, kept over restarts. */
  public int port() {
    return port;
  }

  /** The process id of the postmaster. */
  public long pid() {
    return process.pid();
  }

  /** Starts the server (again) and waits until it answers. */
  public void start() {
    List<String> command =
        command(
            "postgres",
            "-D",
            data.toString(),
            "-p",
            String.valueOf(port),
            "-h",
            "127.0.0.1",
            "-k",
            "");
    set(command, "fsync", fsync ? "on" : "off");
    set(command, "synchronous_commit", fsync ? "on" : "off");
    set(command, "full_page_writes", fsync ? "on" : "off");
    set(command, "max_connections", "200");
    set(command, "timezone", "UTC");
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log().toFile())
              .start();
      awaitAnswer();
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }

  /** Kills it as a power cut would: postmaster first, then nothing is asked. */
  public void kill() {
    List<ProcessHandle> backends = process.descendants().toList();
    process.destroyForcibly();
    backends.forEach(ProcessHandle::destroyForcibly);
    awaitEnd();
    backends.forEach(
        backend ->
            backend.onExit().orTimeout(10, TimeUnit.SECONDS).exceptionally(_ -> backend).join());
  }

  /** Stops it at once and in order; connections are cut. */
  public void stop() {
    run("pg_ctl", "-D", data.toString(), "-m", "fast", "-w", "stop");
    awaitEnd();
  }

  /** Stops it and removes its data. */
  @Override
  public void close() {
    end();
    Runtime.getRuntime().removeShutdownHook(stopper);
  }

  private void end() {
    if (process.isAlive()) {
      kill();
    }
    try (Stream<Path> files = Files.walk(data)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
    log().toFile().delete();
  }

  private static void set(List<String> command, String name, String value) {
    command.add("-c");
    command.add(name + "=" + value);
  }

  private Path log() {
    return data.resolveSibling(data.getFileName() + ".log");
  }

  private void awaitAnswer() throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      try (Connection _ = DriverManager.getConnection(url("postgres"), "postgres", "")) {
        return;
      } catch (SQLException notYet) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          throw new IOException("PostgreSQL does not start: " + Files.readString(log()), notYet);
        }
        pause();
      }
    }
  }

  private void pause() {
    try {
      // Returns early when the server ends; there is nothing to subscribe to for "it is ready".
      process.waitFor(50, TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while PostgreSQL starts", interrupted);
    }
  }

  private void awaitEnd() {
    process.onExit().orTimeout(30, TimeUnit.SECONDS).join();
  }

  private void run(String... command) {
    try {
      Process tool = new ProcessBuilder(command(command)).redirectErrorStream(true).start();
      String said =
          new String(tool.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      if (tool.waitFor() != 0) {
        throw new IllegalStateException(String.join(" ", command) + ": " + said);
      }
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while PostgreSQL starts", interrupted);
    }
  }

  /** PostgreSQL refuses to run as root, so root runs it as nobody. */
  private List<String> command(String... words) {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(
          List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
    }
    command.add(binaries.resolve(words[0]).toString());
    command.addAll(List.of(words).subList(1, words.length));
    return command;
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private static void handOver(Path folder) throws IOException {
    if (isRoot()) {
      Files.setAttribute(folder, "unix:uid", NOBODY);
      Files.setAttribute(folder, "unix:gid", NOBODY);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Path binaries() throws IOException {
    String chosen = System.getProperty("test.postgres.bin", "");
    return chosen.isEmpty() ? unpacked().resolve("bin") : Path.of(chosen);
  }

  /** Unpacks once per machine and user; whoever comes at the same time waits. */
  private static Path unpacked() throws IOException {
    Path home =
        Path.of(
            System.getProperty("java.io.tmpdir"),
            "orchestrator-postgres-" + VERSION + "-" + System.getProperty("user.name"));
    Files.createDirectories(home);
    Path done = home.resolve("unpacked");
    try (FileChannel guard =
            FileChannel.open(
                home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = guard.lock()) {
      if (lock.isValid() && !Files.exists(done)) {
        unpack(home);
        Files.createFile(done);
      }
    }
    return home;
  }

  private static void unpack(Path home) throws IOException {
    try (InputStream packed = TestPostgres.class.getResourceAsStream(ARCHIVE);
        TarArchiveInputStream tar =
            new TarArchiveInputStream(new XZCompressorInputStream(packed))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path target = home.resolve(entry.getName()).normalize();
        if (!target.startsWith(home)) {
          throw new IOException("an entry leaves the folder: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else {
          Files.createDirectories(target.getParent());
          Files.deleteIfExists(target);
          unpack(tar, entry, target);
        }
      }
    }
  }

  private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path target)
      throws IOException {
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
      return;
    }
    Files.copy(tar, target);
    boolean executable = (entry.getMode() & 0b001_000_000) != 0;
    if (executable) {
      Files.setPosixFilePermissions(target, Set.of(PosixFilePermission.values()));
    }
  }
}
