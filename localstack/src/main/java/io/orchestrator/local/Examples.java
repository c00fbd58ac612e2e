package io.orchestrator.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The example flows beside the template, which a local stack has from its first start. */
final class Examples {
  /** Whom they belong to. */
  static final String TENANT = "local";

  private final Path folder;

  Examples(Path template) {
    this.folder = template.toAbsolutePath().resolveSibling("examples");
  }

  List<Path> files() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> examples = Files.list(folder)) {
      return examples
          .map(example -> example.resolve("flow.yaml"))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new StackException("Cannot read " + folder + ": " + e.getMessage(), e);
    }
  }

  /**
   * Publishes those that are not there yet; one that cannot be published is told and does not keep
   * the others.
   */
  void install(Client client, Console console, long begin) {
    Installer installer = new Installer(client);
    int there = 0;
    int fresh = 0;
    for (Path file : files()) {
      try {
        fresh += installer.install(FlowFile.read(file)).fresh() ? 1 : 0;
        there++;
      } catch (StackException e) {
        console.line(e.getMessage());
      }
    }
    if (there > 0) {
      console.done(
          there
              + " example flows for tenant "
              + TENANT
              + (fresh == there
                  ? ""
                  : fresh == 0 ? " (there already)" : ", " + fresh + " of them new"),
          begin);
    }
  }
}
