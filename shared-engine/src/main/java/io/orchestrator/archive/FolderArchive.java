package io.orchestrator.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;

/** An archive in a folder, for one's own machine: one file an object, complete or not there. */
public final class FolderArchive implements Archive {
  private final Path folder;

  public FolderArchive(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  @Override
  public void put(String name, byte[] content) {
    Path file = file(name);
    try {
      Files.createDirectories(file.getParent());
      Path begun = file.resolveSibling("." + UUID.randomUUID());
      try (FileChannel channel =
          FileChannel.open(begun, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(begun, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException problem) {
      throw new ArchiveException("writing " + file + " failed: " + problem.getMessage(), problem);
    }
  }

  @Override
  public Optional<byte[]> get(String name) {
    try {
      return Optional.of(Files.readAllBytes(file(name)));
    } catch (NoSuchFileException missing) {
      return Optional.empty();
    } catch (IOException problem) {
      throw new ArchiveException(
          "reading " + name + " of " + folder + " failed: " + problem.getMessage(), problem);
    }
  }

  private Path file(String name) {
    Path file = folder.resolve(name).normalize();
    if (!file.startsWith(folder) || file.equals(folder)) {
      throw new IllegalArgumentException("the name " + name + " leads out of the archive");
    }
    return file;
  }

  @Override
  public void close() {
    // A folder needs none.
  }
}
