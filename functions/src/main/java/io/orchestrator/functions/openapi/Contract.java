package io.orchestrator.functions.openapi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a route takes and how it answers, beyond what all routes have in common.
 *
 * @param parameters of path and query whose shape is not the usual one for their name
 * @param answers by status
 * @param refusals statuses of problem documents that only this route has
 * @param headers of the request, beyond those of all
 */
public record Contract(
    String summary,
    Map<String, Shape> parameters,
    Taken taken,
    Map<Integer, Answered> answers,
    List<Integer> refusals,
    List<String> headers) {
  public static final String JSON = "application/json";
  public static final String YAML = "application/yaml";
  public static final String FORM = "application/x-www-form-urlencoded";
  public static final String IDEMPOTENCY_KEY = "Idempotency-Key";
  public static final String IF_MATCH = "If-Match";
  private static final int UNPROCESSABLE = 422;
  private static final int STALE = 412;
  private static final int UNCONDITIONAL = 428;

  /**
   * The body of a request.
   *
   * @param example as JSON
   */
  public record Taken(List<String> types, Shape shape, String example, boolean needed) {}

  /**
   * The body of an answer.
   *
   * @param type of its media; empty if there is none
   * @param example as JSON; empty if there is none
   * @param other a media type in which a client may ask for text instead; empty if there is none
   */
  public record Answered(
      String type, Shape shape, String example, String other, List<String> headers) {}

  /** A route that takes nothing and answers nothing yet. */
  public static Contract of(String summary) {
    return new Contract(summary, Map.of(), null, Map.of(), List.of(), List.of());
  }

  /** A JSON body must come. */
  public Contract takes(Shape shape, String example) {
    return taking(new Taken(List.of(JSON), shape, example, true));
  }

  /** A JSON body may come. */
  public Contract mayTake(Shape shape, String example) {
    return taking(new Taken(List.of(JSON), shape, example, false));
  }

  /** A definition must come, as YAML or JSON. */
  public Contract takesDefinition(String example) {
    return taking(new Taken(List.of(JSON, YAML), Shape.map(), example, true));
  }

  /** Any text may come that calls itself YAML or JSON. */
  public Contract takesAnyText(String example) {
    return taking(new Taken(List.of(JSON, YAML), Shape.anything(), example, false));
  }

  /** The body may also be a form. */
  public Contract orForm() {
    List<String> types = new ArrayList<>(taken.types());
    types.add(FORM);
    return taking(new Taken(types, taken.shape(), taken.example(), taken.needed()));
  }

  private Contract taking(Taken body) {
    return new Contract(summary, parameters, body, answers, refusals, headers);
  }

  /** A parameter of path or query has this shape here. */
  public Contract where(String parameter, Shape shape) {
    Map<String, Shape> more = new LinkedHashMap<>(parameters);
    more.put(parameter, shape);
    return new Contract(summary, more, taken, answers, refusals, headers);
  }

  /** Answers JSON with that status, and perhaps with headers. */
  public Contract answers(int status, Shape shape, String example, String... more) {
    return answering(status, new Answered(JSON, shape, example, "", List.of(more)));
  }

  /** Answers a page of a list. */
  public Contract lists(Shape item, String example) {
    String page = "{\"items\": [" + example + "], \"next\": null}";
    return answers(200, Shape.page(item), page, "Link");
  }

  /** Answers with that status and no body. */
  public Contract answersNothing(int status, String... more) {
    return answering(status, new Answered("", Shape.anything(), "", "", List.of(more)));
  }

  /** Answers JSON under a media type of its own. */
  public Contract answersJson(int status, String type, Shape shape, String... more) {
    return answering(status, new Answered(type, shape, "", "", List.of(more)));
  }

  /** Answers something that is no JSON. */
  public Contract answersText(int status, String type, String... more) {
    return answering(status, new Answered(type, Shape.text(), "", "", List.of(more)));
  }

  /** Answers server-sent events, each of this shape ({@code id}, {@code event}, {@code data}). */
  public Contract answersEvents(Shape event) {
    // Before OpenAPI 3.2 the schema of a stream is that of one of its events.
    return answering(200, new Answered("text/event-stream", event, "", "", List.of()));
  }

  /** The answers so far also come as text of this media type, for a client that accepts it. */
  public Contract orAs(String type) {
    Map<Integer, Answered> more = new TreeMap<>();
    answers.forEach(
        (status, a) ->
            more.put(status, new Answered(a.type(), a.shape(), a.example(), type, a.headers())));
    return new Contract(summary, parameters, taken, more, refusals, headers);
  }

  private Contract answering(int status, Answered answered) {
    Map<Integer, Answered> more = new TreeMap<>(answers);
    more.put(status, answered);
    return new Contract(summary, parameters, taken, more, refusals, headers);
  }

  /** Also ends with problems of these statuses. */
  public Contract refuses(Integer... statuses) {
    List<Integer> more = new ArrayList<>(refusals);
    more.addAll(List.of(statuses));
    return new Contract(summary, parameters, taken, answers, more, headers);
  }

  /** Happens once for an {@code Idempotency-Key}. */
  public Contract once() {
    return needing(IDEMPOTENCY_KEY).refuses(UNPROCESSABLE);
  }

  /** Changes only the revision that {@code If-Match} names. */
  public Contract conditional() {
    return needing(IF_MATCH).refuses(STALE, UNCONDITIONAL);
  }

  private Contract needing(String header) {
    List<String> more = new ArrayList<>(headers);
    more.add(header);
    return new Contract(summary, parameters, taken, answers, refusals, more);
  }
}
