package io.orchestrator.local;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Runs other programs: finds them on the PATH, waits for short ones, knows long ones again by pid
 * and start time.
 */
final class Programs {
  private Programs() {}

  /** What a short program did. */
  record Outcome(int exitCode, String output) {
    boolean succeeded() {
      return exitCode == 0;
    }
  }

  static Optional<Path> onPath(String name) {
    String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
    for (String folder : path.split(File.pathSeparator, -1)) {
      Path program = Path.of(folder).resolve(name);
      if (Files.isExecutable(program) && !Files.isDirectory(program)) {
        return Optional.of(program);
      }
    }
    return Optional.empty();
  }

  /** The command in a session of its own, so that Ctrl-C in the terminal does not reach it. */
  static List<String> inOwnSession(List<String> command) {
    if (onPath("setsid").isEmpty()) {
      return command;
    }
    List<String> all = new ArrayList<>(List.of("setsid"));
    all.addAll(command);
    return all;
  }

  /**
   * Runs a short program to its end; output and errors together, through a file so that no child
   * can hold a pipe.
   */
  static Outcome run(List<String> command, String input, Duration timeMax) {
    try {
      Path in = Files.createTempFile("orchestrator", ".in");
      Path out = Files.createTempFile("orchestrator", ".out");
      try {
        Files.writeString(in, input);
        Process process =
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .start();
        if (!process.waitFor(timeMax.toMillis(), TimeUnit.MILLISECONDS)) {
          process.destroyForcibly();
          return new Outcome(-1, "no end after " + timeMax.toSeconds() + " s: " + command);
        }
        return new Outcome(
            process.exitValue(), new String(Files.readAllBytes(out), StandardCharsets.UTF_8));
      } finally {
        Files.delete(in);
        Files.delete(out);
      }
    } catch (IOException e) {
      return new Outcome(-1, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("Interrupted while running " + command, e);
    }
  }

  /** Notes a started process, so that a later start can find it although its parent was killed. */
  static void note(Path pidFile, long pid) {
    try {
      Files.writeString(pidFile, pid + " " + startedTicks(pid));
    } catch (IOException e) {
      throw new StackException("Cannot write " + pidFile + ": " + e.getMessage(), e);
    }
  }

  /** The noted process if it still lives and is not another one that was given the same pid. */
  static Optional<ProcessHandle> noted(Path pidFile) {
    try {
      if (!Files.exists(pidFile)) {
        return Optional.empty();
      }
      String[] words = Files.readString(pidFile).strip().split(" ", -1);
      long pid = Long.parseLong(words[0]);
      boolean same = words.length == 2 && words[1].equals(startedTicks(pid));
      return same ? ProcessHandle.of(pid).filter(ProcessHandle::isAlive) : Optional.empty();
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Asks a process to end, insists after a while, and returns once it is gone. */
  static void end(ProcessHandle process, Duration patience) {
    process.destroy();
    if (!ended(process, patience)) {
      process.destroyForcibly();
      ended(process, Duration.ofSeconds(5));
    }
  }

  static boolean ended(ProcessHandle process, Duration patience) {
    try {
      process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !process.isAlive();
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      return !process.isAlive();
    }
  }

  /**
   * Field 22 of {@code /proc/PID/stat}: the start time in clock ticks since boot, which with the
   * pid names one process.
   */
  private static String startedTicks(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19];
    } catch (IOException e) {
      return "gone";
    }
  }
}
