package io.orchestrator.local;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which executions a command is about. */
final class Filters {
  private static final Pattern AGO = Pattern.compile("([0-9]{1,5})([smhd])");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(names = "--flow", description = "Of this flow.")
  private String flow;

  @Option(
      names = "--flow-version",
      paramLabel = "VERSION",
      description = "Of this version of the flow.")
  private String version;

  @Option(
      names = "--status",
      split = ",",
      description = "With one of these statuses, separated by commas.")
  private List<String> statuses;

  @Option(names = "--from", paramLabel = "TIME", description = "Started then or later.")
  private String from;

  @Option(names = "--to", paramLabel = "TIME", description = "Started before.")
  private String to;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Started not longer ago: 30m, 2h, 3d.")
  private String since;

  @Option(
      names = "--search",
      paramLabel = "NAME=VALUE",
      description = "With this search attribute.")
  private Map<String, String> search = new LinkedHashMap<>();

  /** As the parameters of a query; what is not given is not in it. */
  String query() {
    StringJoiner query = new StringJoiner("&");
    fields().forEach((name, value) -> query.add(name + "=" + Whose.encoded(value)));
    if (statuses != null) {
      query.add("status=" + Whose.encoded(String.join(",", statuses)));
    }
    search.forEach(
        (name, value) -> query.add("search." + Whose.encoded(name) + "=" + Whose.encoded(value)));
    return query.toString();
  }

  /** As the query of a bulk order. */
  Map<String, Object> data() {
    Map<String, Object> data = new LinkedHashMap<>(fields());
    if (statuses != null) {
      data.put("status", statuses);
    }
    if (!search.isEmpty()) {
      data.put("search", search);
    }
    return data;
  }

  private Map<String, String> fields() {
    Map<String, String> fields = new LinkedHashMap<>();
    put(fields, "flow", flow);
    put(fields, "version", version);
    put(fields, "from", since == null ? from : ago(since, Clock.systemUTC()).toString());
    put(fields, "to", to);
    return fields;
  }

  private static void put(Map<String, String> fields, String name, String value) {
    if (value != null) {
      fields.put(name, value);
    }
  }

  private Instant ago(String text, Clock clock) {
    Matcher matcher = AGO.matcher(text);
    if (!matcher.matches() || from != null) {
      CommandLine line = spec.commandLine();
      throw new ParameterException(
          line, "--since is a time such as 30m, 2h or 3d, and takes the place of --from");
    }
    long number = Long.parseLong(matcher.group(1));
    Duration time =
        switch (matcher.group(2)) {
          case "s" -> Duration.ofSeconds(number);
          case "m" -> Duration.ofMinutes(number);
          case "h" -> Duration.ofHours(number);
          default -> Duration.ofDays(number);
        };
    return clock.instant().minus(time);
  }
}
