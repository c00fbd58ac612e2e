package io.orchestrator.local;

import io.orchestrator.local.FunctionSpec.Route;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The routes of the HTTP API: finds the most specific one for a request, literals before parameters
 * before the rest.
 */
final class Routes {
  private final List<Entry> entries;

  private record Entry(FunctionSpec function, Route route, List<String> segments) {
    /** Sorts literal segments first, then parameters, then greedy ones, and a method before ANY. */
    String rank() {
      StringBuilder rank = new StringBuilder();
      for (String segment : segments) {
        rank.append(!segment.startsWith("{") ? '0' : segment.endsWith("+}") ? '2' : '1');
      }
      return rank.append(route.path().equals("$default") ? '3' : ' ')
          .append(route.method().equals("ANY") ? '1' : '0')
          .toString();
    }
  }

  /** What a request meets. */
  sealed interface Match {
    /** A function answers. */
    record Found(FunctionSpec function, String routeKey, Map<String, String> pathParameters)
        implements Match {}

    /** The path exists, with these methods. */
    record OtherMethods(Set<String> allowed) implements Match {}

    /** No such path. */
    record Unknown() implements Match {}
  }

  Routes(List<FunctionSpec> functions) {
    List<Entry> all = new ArrayList<>();
    for (FunctionSpec function : functions) {
      for (Route route : function.routes()) {
        all.add(new Entry(function, route, segments(route.path())));
      }
    }
    all.sort(Comparator.comparing(Entry::rank));
    this.entries = List.copyOf(all);
  }

  private static List<String> segments(String path) {
    return path.equals("$default")
        ? List.of("{rest+}")
        : Arrays.asList(path.substring(1).split("/", -1));
  }

  Match match(String method, String rawPath) {
    List<String> asked = Arrays.asList(rawPath.substring(1).split("/", -1));
    Set<String> others = new TreeSet<>();
    for (Entry entry : entries) {
      Optional<Map<String, String>> parameters = parameters(entry, asked);
      if (parameters.isEmpty()) {
        continue;
      }
      String accepted = entry.route().method();
      if (accepted.equals("ANY") || accepted.equals(method)) {
        boolean fallback = entry.route().path().equals("$default");
        String key = fallback ? "$default" : accepted + " " + entry.route().path();
        return new Match.Found(entry.function(), key, fallback ? Map.of() : parameters.get());
      }
      others.add(accepted);
    }
    return others.isEmpty() ? new Match.Unknown() : new Match.OtherMethods(others);
  }

  private static Optional<Map<String, String>> parameters(Entry entry, List<String> asked) {
    Map<String, String> found = new LinkedHashMap<>();
    List<String> wanted = entry.segments();
    for (int i = 0; i < wanted.size(); i++) {
      String segment = wanted.get(i);
      if (segment.startsWith("{") && segment.endsWith("+}")) {
        boolean something = i < asked.size();
        found.put(
            segment.substring(1, segment.length() - 2),
            something ? decoded(String.join("/", asked.subList(i, asked.size()))) : "");
        return something ? Optional.of(found) : Optional.empty();
      }
      if (i >= asked.size()) {
        return Optional.empty();
      }
      if (segment.startsWith("{")) {
        if (asked.get(i).isEmpty()) {
          return Optional.empty();
        }
        found.put(segment.substring(1, segment.length() - 1), decoded(asked.get(i)));
      } else if (!segment.equals(asked.get(i))) {
        return Optional.empty();
      }
    }
    return wanted.size() == asked.size() ? Optional.of(found) : Optional.empty();
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }
}
