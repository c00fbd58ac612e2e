package io.orchestrator.local.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds out which process has a connection, from what Linux tells in /proc. */
final class Sockets {
  private static final int LOCAL_ADDRESS = 1;
  private static final int INODE = 9;

  private Sockets() {}

  /** Which of these processes has the connection from that port of this machine. */
  static Optional<Long> owner(List<Long> pids, int port) {
    String end = ":%04X".formatted(port).toUpperCase(Locale.ROOT);
    List<String> sockets =
        Stream.of("/proc/net/tcp", "/proc/net/tcp6")
            .map(Path::of)
            .flatMap(Sockets::lines)
            .map(line -> line.strip().split("\\s+"))
            .filter(columns -> columns.length > INODE && columns[LOCAL_ADDRESS].endsWith(end))
            .map(columns -> "socket:[" + columns[INODE] + "]")
            .toList();
    return pids.stream().filter(pid -> has(pid, sockets)).findFirst();
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
