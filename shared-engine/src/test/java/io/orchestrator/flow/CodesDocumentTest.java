package io.orchestrator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Keeps docs/errors.md equal to the codes; run with {@code -Dwrite.docs=true} to write it. */
class CodesDocumentTest {
  @Test
  void the_document_lists_every_code() throws IOException {
    Path document = root().resolve("docs/errors.md");
    if (Boolean.getBoolean("write.docs")) {
      Files.createDirectories(document.getParent());
      Files.writeString(document, expected());
    }
    assertThat(document).content().isEqualTo(expected());
  }

  private static String expected() {
    StringBuilder text =
        new StringBuilder(
            """
            # Codes of problems in definitions

            Generated from `io.orchestrator.flow.Code`. A problem is `{code, path, line, column, message, hint}`; all of
            them are told at once. The level says who finds it: *text* is told of a text that is no data yet, *structural* is
            about the shape of the data and found by the JSON Schema of the language too (`GET /schemas/flow.json`), *meaning*
            is found by the validator alone.

            | code | level | explanation |
            |---|---|---|
            """);
    for (Code code : Code.values()) {
      String level = code.level().name().toLowerCase(Locale.ROOT);
      text.append("| `%s` | %s | %s |\n".formatted(code.text(), level, code.explanation()));
    }
    return text.toString();
  }

  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.isRegularFile(here.resolve("mvnw"))) {
      here = here.getParent();
    }
    return here;
  }
}
