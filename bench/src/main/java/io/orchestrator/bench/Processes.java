package io.orchestrator.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** CPU time and memory of processes, as /proc says. */
final class Processes {
  private static final double TICKS_A_SECOND = 100;

  private Processes() {}

  /** CPU seconds of this process. */
  static double ownCpu() {
    return cpu(ProcessHandle.current().pid(), false);
  }

  /**
   * CPU seconds of a process and all its descendants, those included that have ended; 0 without a
   * process.
   */
  static double treeCpu(long root) {
    return root <= 0 ? 0 : tree(root).mapToDouble(pid -> cpu(pid, true)).sum();
  }

  /** Resident memory of a process and all its descendants, in MB. */
  static double treeMemory(long root) {
    return root <= 0 ? 0 : tree(root).mapToDouble(Processes::memory).sum();
  }

  private static Stream<Long> tree(long root) {
    Stream<Long> below =
        ProcessHandle.of(root).stream().flatMap(ProcessHandle::descendants).map(ProcessHandle::pid);
    return Stream.concat(Stream.of(root), below);
  }

  private static double cpu(long pid, boolean withReaped) {
    List<String> stat = read(pid, "stat");
    if (stat.isEmpty()) {
      return 0;
    }
    String afterName = stat.getFirst().substring(stat.getFirst().lastIndexOf(')') + 2);
    String[] fields = afterName.split(" ", -1);
    double ticks = 0;
    for (int field = 11; field < (withReaped ? 15 : 13); field++) {
      ticks += Double.parseDouble(fields[field]);
    }
    return ticks / TICKS_A_SECOND;
  }

  private static double memory(long pid) {
    return read(pid, "status").stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
        .findFirst()
        .orElse(0);
  }

  private static List<String> read(long pid, String file) {
    try {
      return Files.readAllLines(Path.of("/proc", "" + pid, file));
    } catch (NoSuchFileException gone) {
      return List.of();
    } catch (IOException gone) {
      return List.of(); // a process that ends while it is read says "no such process"
    }
  }
}
