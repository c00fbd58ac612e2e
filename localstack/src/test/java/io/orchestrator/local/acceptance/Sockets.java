package io.orchestrator.local.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds out which process has a connection, from what Linux tells in /proc. */
final class Sockets {
  private static final int LOCAL_ADDRESS = 1;
  private static final int REMOTE_ADDRESS = 2;
  private static final int INODE = 9;

  /**
   * A connection on this machine, by the ports of both ends: two processes may have one port each
   * under the same number, connected to different servers.
   */
  record Connection(int client, int server) {}

  private Sockets() {}

  /** Which of these processes has the client's end of that connection. */
  static Optional<Long> owner(List<Long> pids, Connection connection) {
    String client = ":%04X".formatted(connection.client());
    String server = ":%04X".formatted(connection.server());
    List<String> sockets =
        Stream.of("/proc/net/tcp", "/proc/net/tcp6")
            .map(Path::of)
            .flatMap(Sockets::lines)
            .map(line -> line.strip().split("\\s+"))
            .filter(columns -> columns.length > INODE)
            .filter(columns -> columns[LOCAL_ADDRESS].endsWith(client))
            .filter(columns -> columns[REMOTE_ADDRESS].endsWith(server))
            .map(columns -> "socket:[" + columns[INODE] + "]")
            .toList();
    return pids.stream().filter(pid -> has(pid, sockets)).findFirst();
  }

  /**
   * Whether a process stands still: a stop reaches its threads one by one, and until it has reached
   * all of them some go on.
   */
  static boolean stopped(long pid) {
    try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
      return threads
          .flatMap(thread -> lines(thread.resolve("stat")))
          .map(line -> line.substring(line.lastIndexOf(')') + 2)) // behind the name
          .allMatch(fields -> fields.startsWith("T"));
    } catch (IOException | UncheckedIOException ended) {
      return false; // a thread that has just ended ran until now
    }
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean has(long pid, List<String> sockets) {
    try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      return open.anyMatch(file -> sockets.contains(target(file)));
    } catch (IOException gone) {
      return false;
    }
  }

  private static String target(Path file) {
    try {
      return Files.readSymbolicLink(file).toString();
    } catch (IOException closed) {
      return "";
    }
  }
}
