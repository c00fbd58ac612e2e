package io.orchestrator.local;

import io.orchestrator.flow.Code;
import io.orchestrator.flow.Problem;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What was found in files as SARIF 2.1.0, the format that code hosts and editors read. */
final class Sarif {
  private static final String SCHEMA =
      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

  private final List<Object> results = new ArrayList<>();
  private final Map<String, Object> rules = new TreeMap<>();

  /** Adds what was found in a file. */
  void add(String file, List<Problem> problems, boolean warnings) {
    problems.forEach(problem -> results.add(result(file, problem, warnings ? "warning" : "error")));
  }

  /** The whole document. */
  Map<String, Object> data() {
    Map<String, Object> driver = new LinkedHashMap<>();
    driver.put("name", "orchestrator validate");
    driver.put("rules", new ArrayList<>(rules.values()));
    Map<String, Object> run = new LinkedHashMap<>();
    run.put("tool", Map.of("driver", driver));
    run.put("columnKind", "unicodeCodePoints");
    run.put("results", results);
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("$schema", SCHEMA);
    data.put("version", "2.1.0");
    data.put("runs", List.of(run));
    return data;
  }

  private Map<String, Object> result(String file, Problem problem, String level) {
    rules.computeIfAbsent(problem.code(), Sarif::rule);
    String hint = problem.hint().isEmpty() ? "" : " (" + problem.hint() + ")";
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("ruleId", problem.code());
    result.put("level", level);
    result.put("message", Map.of("text", problem.message() + hint));
    result.put("locations", List.of(location(file, problem)));
    return result;
  }

  private static Map<String, Object> rule(String code) {
    Map<String, Object> rule = new LinkedHashMap<>();
    rule.put("id", code);
    for (Code known : Code.values()) {
      if (known.text().equals(code)) {
        rule.put("shortDescription", Map.of("text", known.explanation()));
        rule.put("properties", Map.of("level", known.level().name().toLowerCase(Locale.ROOT)));
      }
    }
    return rule;
  }

  private static Map<String, Object> location(String file, Problem problem) {
    Map<String, Object> physical = new LinkedHashMap<>();
    physical.put("artifactLocation", Map.of("uri", uri(file)));
    if (problem.line() > 0) {
      Map<String, Object> region = new LinkedHashMap<>();
      region.put("startLine", (long) problem.line());
      region.put("startColumn", (long) Math.max(1, problem.column()));
      physical.put("region", region);
    }
    Map<String, Object> location = new LinkedHashMap<>();
    location.put("physicalLocation", physical);
    if (!problem.path().isEmpty()) {
      location.put("logicalLocations", List.of(Map.of("fullyQualifiedName", problem.path())));
    }
    return location;
  }

  /** A file as it was named, relative if it was. */
  private static String uri(String file) {
    Path path = Path.of(file);
    if (path.isAbsolute()) {
      return path.toUri().toString();
    }
    StringBuilder uri = new StringBuilder();
    for (Path part : path.normalize()) {
      uri.append(uri.isEmpty() ? "" : "/").append(encoded(part.toString()));
    }
    return uri.toString();
  }

  private static String encoded(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
