package io.orchestrator.local;

import io.orchestrator.expression.Json;
import io.orchestrator.expression.JsonException;
import io.orchestrator.flow.Document;
import io.orchestrator.flow.Problems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Values that are given on the command line: as JSON, as text, or in a file. */
final class Given {
  private final CommandLine line;

  /** For the command whose usage is shown where a value is wrong. */
  Given(CommandLine line) {
    this.line = line;
  }

  /**
   * The fields that {@code KEY=VALUE} and {@code @FILE} give together.
   *
   * @param option by which they are given
   */
  Map<String, Object> fields(String option, List<String> given) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (String one : given) {
      int equals = one.indexOf('=');
      if (one.startsWith("@")) {
        fields.putAll(file(option, Path.of(one.substring(1))));
      } else if (equals > 0) {
        fields.put(one.substring(0, equals), value(one.substring(equals + 1)));
      } else {
        throw wrong(option + " " + one + " is neither KEY=VALUE nor @FILE");
      }
    }
    return fields;
  }

  /** A value: JSON if it is JSON, else text, or the JSON or YAML object in a file. */
  Object any(String option, String given) {
    return given.startsWith("@") ? file(option, Path.of(given.substring(1))) : value(given);
  }

  private static Object value(String text) {
    try {
      return Json.read(text);
    } catch (JsonException notJson) {
      return text;
    }
  }

  private Map<String, Object> file(String option, Path path) {
    if (!Files.isReadable(path)) {
      throw wrong(option + " @" + path + ": the file cannot be read");
    }
    Problems problems = new Problems();
    Document document = Document.read(FlowFile.read(path).text(), problems);
    if (document == null || !problems.none() || !(document.data() instanceof Map<?, ?>)) {
      String why = problems.none() ? "it is no object" : problems.errors().getFirst().message();
      throw wrong(option + " @" + path + " is no object: " + why);
    }
    return Data.map(document.data());
  }

  private ParameterException wrong(String why) {
    return new ParameterException(line, why);
  }
}
