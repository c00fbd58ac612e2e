package io.orchestrator.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An archive in a folder. */
class FolderArchiveTest extends ArchiveContract {
  @TempDir Path folder;

  @Override
  Archive archive() {
    return new FolderArchive(folder);
  }

  @Test
  void nothing_half_written_is_left() throws IOException {
    archive().put("a/b", new byte[] {1});
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile).map(folder::relativize))
          .containsExactly(Path.of("a/b"));
    }
  }

  @Test
  void a_name_cannot_lead_out() {
    for (String name : new String[] {"../x", "a/../../x", "/etc/x", ""}) {
      assertThatThrownBy(() -> archive().put(name, new byte[0]))
          .as(name)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void what_cannot_be_written_is_told() throws IOException {
    Files.writeString(folder.resolve("file"), "no folder");
    assertThatThrownBy(() -> archive().put("file/x", new byte[0]))
        .isInstanceOf(ArchiveException.class);
  }
}
