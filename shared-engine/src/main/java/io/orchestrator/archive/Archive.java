package io.orchestrator.archive;

import java.util.Optional;

/** Keeps objects for years; nothing in it is ever changed. Putting the same again is safe. */
public interface Archive extends AutoCloseable {
  /**
   * Keeps an object.
   *
   * @param name parts with slashes between
   * @throws ArchiveException when it is not certain that it is kept
   */
  void put(String name, byte[] content);

  /**
   * What is kept under that name.
   *
   * @throws ArchiveException when it cannot be read now
   */
  Optional<byte[]> get(String name);

  @Override
  void close();
}
