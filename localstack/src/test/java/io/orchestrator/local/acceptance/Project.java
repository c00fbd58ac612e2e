package io.orchestrator.local.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files of the project that the tests use as a user does. */
final class Project {
  static final Path ROOT = root();

  private Project() {}

  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.exists(here.resolve("template.yaml"))) {
      here = here.getParent();
    }
    return here;
  }

  static Path template() {
    return ROOT.resolve("template.yaml");
  }

  /** The bytes of an example's file. */
  static byte[] example(String name, String file) {
    try {
      return Files.readAllBytes(ROOT.resolve("examples").resolve(name).resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
