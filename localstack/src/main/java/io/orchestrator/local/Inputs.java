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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Fields that are given on the command line, one by one or as a file. */
final class Inputs {
  private Inputs() {}

  /**
   * The fields of all values of an option, each {@code KEY=VALUE} or {@code @FILE}; a value is read
   * as JSON if it is JSON, else as text.
   */
  static Map<String, Object> read(CommandSpec spec, String option, List<String> values) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (String one : values) {
      int equals = one.indexOf('=');
      if (one.startsWith("@")) {
        fields.putAll(file(spec, option, Path.of(one.substring(1))));
      } else if (equals > 0) {
        fields.put(one.substring(0, equals), value(one.substring(equals + 1)));
      } else {
        throw new ParameterException(
            spec.commandLine(), option + " " + one + " is neither KEY=VALUE nor @FILE");
      }
    }
    return fields;
  }

  private static Object value(String text) {
    try {
      return Json.read(text);
    } catch (JsonException notJson) {
      return text;
    }
  }

  private static Map<String, Object> file(CommandSpec spec, String option, Path path) {
    if (!Files.isReadable(path)) {
      throw new ParameterException(
          spec.commandLine(), option + " @" + path + ": the file cannot be read");
    }
    Problems problems = new Problems();
    Document document = Document.read(FlowFile.read(path).text(), problems);
    if (document == null || !problems.none() || !(document.data() instanceof Map<?, ?>)) {
      String why = problems.none() ? "it is no object" : problems.errors().getFirst().message();
      throw new ParameterException(
          spec.commandLine(), option + " @" + path + " cannot be used: " + why);
    }
    return Data.map(document.data());
  }
}
