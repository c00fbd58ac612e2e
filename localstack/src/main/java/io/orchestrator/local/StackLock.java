package io.orchestrator.local;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Properties;

/**
 * The right to run on a folder: held by one process, given back by the system when that process
 * dies.
 */
final class StackLock implements AutoCloseable {
  private final Home home;
  private final FileChannel channel;

  /** Who runs on the folder; the URL is empty until it is ready. */
  record Holder(long pid, String url) {}

  private StackLock(Home home, FileChannel channel) {
    this.home = home;
    this.channel = channel;
  }

  /** Takes the lock, or says who has it. */
  static StackLock take(Home home) {
    StackLock lock =
        tryTake(home)
            .orElseThrow(
                () -> {
                  Optional<Holder> holder = holder(home);
                  return new StackException(
                      "The local stack already runs on "
                          + home.root()
                          + holder
                              .map(
                                  who ->
                                      ": pid "
                                          + who.pid()
                                          + (who.url().isEmpty() ? "" : ", " + who.url()))
                              .orElse("")
                          + ". Stop it with ./orchestrator down.");
                });
    lock.announce("");
    return lock;
  }

  private static Optional<StackLock> tryTake(Home home) {
    try {
      FileChannel channel =
          FileChannel.open(home.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = null;
      try {
        lock = channel.tryLock();
      } catch (java.nio.channels.OverlappingFileLockException e) {
        // Another stack in this very process holds it; the same answer as for another process.
      }
      if (lock == null) {
        channel.close();
        return Optional.empty();
      }
      return Optional.of(new StackLock(home, channel));
    } catch (IOException e) {
      throw new StackException("Cannot lock " + home.lock() + ": " + e.getMessage(), e);
    }
  }

  /** The process that holds the lock right now. */
  static Optional<Holder> running(Home home) {
    Optional<StackLock> free = tryTake(home);
    if (free.isPresent()) {
      free.get().release();
      return Optional.empty();
    }
    return holder(home);
  }

  private static Optional<Holder> holder(Home home) {
    try (Reader reader = Files.newBufferedReader(home.running(), StandardCharsets.UTF_8)) {
      Properties properties = new Properties();
      properties.load(reader);
      return Optional.of(
          new Holder(
              Long.parseLong(properties.getProperty("pid", "0")),
              properties.getProperty("url", "")));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Writes down where this process can be reached. */
  void announce(String url) {
    Properties properties = new Properties();
    properties.setProperty("pid", Long.toString(ProcessHandle.current().pid()));
    properties.setProperty("url", url);
    try (Writer writer = Files.newBufferedWriter(home.running(), StandardCharsets.UTF_8)) {
      properties.store(writer, "The running local stack");
    } catch (IOException e) {
      throw new StackException("Cannot write " + home.running() + ": " + e.getMessage(), e);
    }
  }

  private void release() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new StackException("Cannot give back " + home.lock() + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(home.running());
    } catch (IOException e) {
      throw new StackException("Cannot delete " + home.running() + ": " + e.getMessage(), e);
    } finally {
      release();
    }
  }
}
