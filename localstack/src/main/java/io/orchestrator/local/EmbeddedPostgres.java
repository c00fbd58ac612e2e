package io.orchestrator.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A real PostgreSQL of our own on a loopback port, with fsync on. It has its own session and
 * outlives a killed parent; the next start adopts it, or stops it when it cannot be used.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  /** The superuser, for bootstrap and migration only. */
  public static final String SUPERUSER = "postgres";

  private static final String DATABASE = "orchestrator";
  private static final Duration STOP_MAX = Duration.ofSeconds(60);
  private static final Duration EXIT_MAX = Duration.ofSeconds(10);
  private static final int START_ATTEMPTS_MAX = 5;
  private static final Pattern SETTING = Pattern.compile("[a-z_.]+=[A-Za-z0-9_.-]+");

  private final Path programs;
  private final Path data;
  private final Path log;
  private final Ports ports;
  private int port;
  private boolean adopted;

  private EmbeddedPostgres(Path programs, Home home, Ports ports) {
    this.programs = programs;
    this.data = home.postgres();
    this.log = home.logs().resolve("postgres.log");
    this.ports = ports;
  }

  /**
   * Unpacks, makes the cluster and the database if there is none, and starts or adopts the server;
   * ready when it returns.
   */
  public static EmbeddedPostgres start(Home home, Ports ports) {
    EmbeddedPostgres postgres =
        new EmbeddedPostgres(PostgresBinaries.unpacked(home.bin()), home, ports);
    if (!Files.exists(postgres.data)) {
      postgres.create();
    }
    postgres.start();
    return postgres;
  }

  /** Stops the server that a killed stack has left behind; true if there was one. */
  public static boolean stopLeftover(Home home) {
    if (!Files.exists(home.postgres())) {
      return false;
    }
    EmbeddedPostgres postgres =
        new EmbeddedPostgres(PostgresBinaries.unpacked(home.bin()), home, new Ports(home));
    if (postgres.postmaster().isEmpty()) {
      return false;
    }
    postgres.stop("fast");
    return true;
  }

  /**
   * Starts the server again after a {@link #stop} or a crash, on the same port; does nothing while
   * it runs.
   */
  public synchronized void start() {
    Optional<Postmaster> running = postmaster();
    if (running.isPresent() && running.get().ready()) {
      port = running.get().port();
      ports.remember("postgres", port);
      adopted = true;
      return;
    }
    if (running.isPresent()) {
      stop("immediate");
    }
    adopted = false;
    port = ports.of("postgres");
    Programs.Outcome outcome = attempt();
    // After a crash the orphaned backends of the old postmaster need a moment to notice, and hold
    // its shared memory until then.
    for (int attempt = 1; !outcome.succeeded() && attempt < START_ATTEMPTS_MAX; attempt++) {
      outcome = attempt();
    }
    if (!outcome.succeeded()) {
      throw new StackException(
          "PostgreSQL did not start: " + outcome.output().strip() + " See " + log);
    }
  }

  private Programs.Outcome attempt() {
    return programAsOwner(
        "pg_ctl",
        List.of(
            "start",
            "-w",
            "-t",
            "60",
            "-D",
            data.toString(),
            "-l",
            log.toString(),
            "-o",
            "-p " + port + " " + wished() + String.join(" ", SETTINGS)),
        "");
  }

  /**
   * Settings of somebody who measures or tests, {@code name=value} separated by spaces; ours come
   * after them and win.
   */
  private static String wished() {
    String environment = System.getenv().getOrDefault("ORCHESTRATOR_POSTGRES_SETTINGS", "");
    StringBuilder options = new StringBuilder();
    for (String setting :
        System.getProperty("orchestrator.postgres.settings", environment)
            .strip()
            .split("\\s+", -1)) {
      if (!setting.isEmpty() && !SETTING.matcher(setting).matches()) {
        throw new StackException(
            "ORCHESTRATOR_POSTGRES_SETTINGS: " + setting + " is not name=value");
      }
      options.append(setting.isEmpty() ? "" : "-c " + setting + " ");
    }
    return options.toString();
  }

  private static final List<String> SETTINGS =
      List.of(
          "-c listen_addresses=127.0.0.1",
          "-c unix_socket_directories=",
          "-c max_connections=200",
          "-c max_wal_size=2GB",
          "-c fsync=on",
          "-c timezone=UTC",
          "-c log_timezone=UTC",
          "-c log_checkpoints=off");

  public String jdbcUrl() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + DATABASE;
  }

  public int port() {
    return port;
  }

  /** True if this server was already running when {@link #start} looked. */
  public boolean adopted() {
    return adopted;
  }

  /** The postmaster's pid. */
  public long pid() {
    return postmaster().orElseThrow(() -> new StackException("PostgreSQL does not run")).pid();
  }

  /**
   * Stops with pg_ctl's mode {@code fast} (clean) or {@code immediate} (as a crash); returns when
   * it is gone.
   */
  public synchronized void stop(String mode) {
    Optional<Postmaster> running = postmaster();
    if (running.isEmpty()) {
      return;
    }
    Programs.Outcome outcome =
        programAsOwner(
            "pg_ctl",
            List.of(
                "stop",
                "-w",
                "-t",
                Long.toString(STOP_MAX.toSeconds()),
                "-m",
                mode,
                "-D",
                data.toString()),
            "");
    // pg_ctl returns when the pid file is gone, a moment before the process is.
    boolean gone =
        ProcessHandle.of(running.get().pid())
            .map(process -> Programs.ended(process, EXIT_MAX))
            .orElse(true);
    if (!gone) {
      throw new StackException("PostgreSQL did not stop: " + outcome.output().strip());
    }
  }

  @Override
  public void close() {
    stop("fast");
  }

  /** Makes the cluster beside its place and moves it there when complete. */
  private void create() {
    Path draft = data.resolveSibling("postgres.new");
    Home.delete(draft);
    try {
      Files.createDirectory(draft);
      Unprivileged.of(draft).own(draft);
      must(
          as(
              draft,
              "initdb",
              List.of(
                  "-D",
                  draft.toString(),
                  "-U",
                  SUPERUSER,
                  "-A",
                  "trust",
                  "-E",
                  "UTF8",
                  "--locale=C",
                  "--locale-provider=builtin",
                  "--builtin-locale=C.UTF-8"),
              ""));
      must(
          as(
              draft,
              "postgres",
              List.of(
                  "--single", "-D", draft.toString(), "-c", "unix_socket_directories=", SUPERUSER),
              "create database " + DATABASE + "\n"));
      Files.move(draft, data, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new StackException(
          "Cannot make the database folder " + data + ": " + e.getMessage(), e);
    }
  }

  private static void must(Programs.Outcome outcome) {
    if (!outcome.succeeded()) {
      throw new StackException("Cannot make the database: " + outcome.output().strip());
    }
  }

  private Programs.Outcome programAsOwner(String program, List<String> arguments, String input) {
    return as(data, program, arguments, input);
  }

  private Programs.Outcome as(Path folder, String program, List<String> arguments, String input) {
    Unprivileged user = Unprivileged.of(folder);
    List<String> command = new ArrayList<>(user.prefix());
    command.add(programs.resolve("bin").resolve(program).toString());
    command.addAll(arguments);
    if (user.owner().isPresent()) {
      touch(log);
      user.own(log);
    }
    return Programs.run(command, input, STOP_MAX.plusSeconds(10));
  }

  private static void touch(Path file) {
    try {
      if (!Files.exists(file)) {
        Files.createFile(file);
      }
    } catch (IOException e) {
      throw new StackException("Cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  private record Postmaster(long pid, int port, boolean ready) {}

  /**
   * What postmaster.pid says, if that process lives and is ours: lines 1, 4 and 8 are pid, port and
   * status.
   */
  private Optional<Postmaster> postmaster() {
    Path file = data.resolve("postmaster.pid");
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      List<String> lines = Files.readAllLines(file);
      long pid = Long.parseLong(lines.getFirst().strip());
      Path commandLine = Path.of("/proc", Long.toString(pid), "cmdline");
      if (!Files.exists(commandLine) || !Files.readString(commandLine).contains(data.toString())) {
        return Optional.empty();
      }
      int listens = lines.size() > 3 ? Integer.parseInt(lines.get(3).strip()) : 0;
      return Optional.of(
          new Postmaster(pid, listens, lines.size() > 7 && lines.get(7).strip().equals("ready")));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }
}
