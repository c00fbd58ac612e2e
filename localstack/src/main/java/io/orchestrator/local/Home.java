package io.orchestrator.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The folder that keeps everything of one local stack ({@code .orchestrator}). */
public record Home(Path root) {
  public Home {
    root = root.toAbsolutePath().normalize();
  }

  /** Unpacked programs; they survive {@code --fresh}. */
  public Path bin() {
    return folder("bin");
  }

  public Path logs() {
    return folder("logs");
  }

  /** Pid files, argument files, remembered ports. */
  public Path run() {
    return folder("run");
  }

  /** One file a secret; only the owner may look inside. */
  public Path secrets() {
    Path secrets = folder("secrets");
    try {
      Files.setPosixFilePermissions(secrets, PosixFilePermissions.fromString("rwx------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return secrets;
  }

  /** Histories of executions that the database has forgotten. */
  public Path archive() {
    return root.resolve("archive");
  }

  public Path postgres() {
    return root.resolve("postgres");
  }

  public Path issuerKey() {
    return root.resolve("issuer.jwk");
  }

  public Path lock() {
    return folder("run").resolve("up.lock");
  }

  /** Who runs on this folder: pid and URL, written by {@code up}. */
  public Path running() {
    return folder("run").resolve("up.properties");
  }

  private Path folder(String name) {
    try {
      return Files.createDirectories(root.resolve(name));
    } catch (IOException e) {
      throw new StackException(
          "Cannot make the folder " + root.resolve(name) + ": " + e.getMessage(), e);
    }
  }

  /** Clears data, keeps unpacked programs, the issuer's key and whoever holds the lock. */
  public void clear() {
    for (String kept : List.of("postgres", "secrets", "logs", "archive")) {
      delete(root.resolve(kept));
    }
  }

  /** Deletes a folder with all it holds; a missing one is fine. */
  static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new StackException("Cannot delete " + folder + ": " + e.getMessage(), e);
    }
  }

  /** Writes a file that only the owner may read, whole or not at all. */
  static void writePrivately(Path file, String text) {
    try {
      Path draft =
          Files.createTempFile(
              file.getParent(),
              file.getFileName().toString(),
              ".new",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(draft, text, StandardCharsets.UTF_8, StandardOpenOption.TRUNCATE_EXISTING);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new StackException("Cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
