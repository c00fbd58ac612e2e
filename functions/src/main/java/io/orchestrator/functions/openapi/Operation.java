package io.orchestrator.functions.openapi;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A route with its contract.
 *
 * @param id unique among all
 * @param permission that a token must grant; empty if none is asked for
 * @param token whether one is needed, may be given in place of something else, or is not looked at
 * @param query names of the query parameters
 */
public record Operation(
    String id,
    String method,
    String path,
    String permission,
    Token token,
    List<String> query,
    Contract contract) {
  private static final Pattern PARAMETER = Pattern.compile("\\{([^}]+)}");

  /** What a token is to a route. */
  public enum Token {
    NEEDED,
    POSSIBLE,
    IGNORED
  }

  /** The names of the path's parameters, in their order. */
  public List<String> inPath() {
    List<String> names = new ArrayList<>();
    Matcher matcher = PARAMETER.matcher(path);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }

  /** Whether a client may ask for what it does not have yet, by {@code If-None-Match}. */
  public boolean isCached() {
    Contract.Answered shown = contract.answers().get(200);
    return method.equals("GET") && shown != null && shown.headers().contains("ETag");
  }

  /** Every status of a problem document with which this may end. */
  public SortedSet<Integer> refusals() {
    SortedSet<Integer> all = new TreeSet<>(contract.refusals());
    Collections.addAll(all, 400, 413, 500, 503);
    if (token != Token.IGNORED) {
      Collections.addAll(all, 401, 403);
    }
    if (!inPath().isEmpty()) {
      all.add(404);
    }
    if (contract.taken() != null) {
      all.add(415);
    }
    return all;
  }
}
