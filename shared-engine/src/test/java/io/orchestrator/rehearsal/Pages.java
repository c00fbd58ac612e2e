package io.orchestrator.rehearsal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The documents and examples of the project. */
final class Pages {
  private static final String FENCE = "```";

  private Pages() {}

  /**
   * A fenced block.
   *
   * @param heading the last one before it
   * @param line where its text begins, from 1
   * @param after the first line with text behind it
   */
  record Block(String heading, String language, int line, String text, String after) {}

  /** The folder of the project. */
  static Path root() {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(here.resolve("examples"))) {
      here = here.getParent();
    }
    return here;
  }

  static String text(String path) {
    try {
      return Files.readString(root().resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The names of what lies in a folder. */
  static List<String> in(String folder) {
    try (Stream<Path> files = Files.list(root().resolve(folder))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The fenced blocks of a page in one language. */
  static List<Block> blocks(String path, String language) {
    List<String> lines = text(path).lines().toList();
    List<Block> blocks = new ArrayList<>();
    String heading = "";
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith("#")) {
        heading = line.replaceFirst("#+ *", "");
      } else if (line.startsWith(FENCE)) {
        int end = i + 1;
        while (!lines.get(end).startsWith(FENCE)) {
          end++;
        }
        if (line.equals(FENCE + language)) {
          String text = String.join("\n", lines.subList(i + 1, end)) + "\n";
          blocks.add(new Block(heading, language, i + 2, text, after(lines, end + 1)));
        }
        i = end;
      }
    }
    return blocks;
  }

  private static String after(List<String> lines, int from) {
    return lines.stream().skip(from).filter(line -> !line.isBlank()).findFirst().orElse("");
  }
}
