package io.orchestrator.functions.openapi;

import static io.orchestrator.functions.openapi.Field.has;
import static io.orchestrator.functions.openapi.Field.may;

import java.util.List;

/** Problem documents (RFC 9457), the same for all operations. */
public final class Problems {
  /** One thing that is wrong, and where. */
  public static final Shape FAULT =
      Shape.object(
              has("code", Shape.text()),
              has("path", Shape.text().saying("RFC 6901 pointer; empty if it has no place")),
              has("line", Shape.whole().saying("From 1; 0 if there is none")),
              has("column", Shape.whole().saying("From 1; 0 if there is none")),
              has("message", Shape.text()),
              has("hint", Shape.text().saying("What may have been meant; may be empty")))
          .named("Fault");

  static final Shape SHAPE =
      Shape.open(
              has("type", Shape.text().with("format", "uri")),
              has("title", Shape.text()),
              has("status", Shape.whole(400, 599)),
              has("detail", Shape.text()),
              has("code", Shape.text("^[a-z][a-z0-9_]*$")),
              has("errors", Shape.list(FAULT).with("maxItems", 50L)),
              may("iam_url", Shape.text().saying("With 401: where a token can be had")),
              may("permission", Shape.text().saying("With 403: the one that is missing")))
          .named("Problem");

  private Problems() {}

  /** The headers that a problem of this status may have. */
  public static List<String> headers(int status) {
    return switch (status) {
      case 401 -> List.of("WWW-Authenticate");
      case 405 -> List.of("Allow");
      case 408, 409 -> List.of("Location", "Retry-After");
      case 412, 428 -> List.of("ETag");
      case 415 -> List.of("Accept-Post");
      case 429, 503 -> List.of("Retry-After");
      default -> List.of();
    };
  }

  static String meaning(int status) {
    return switch (status) {
      case 400 -> "Something about the request is wrong; every fault is named";
      case 401 -> "There is no valid token";
      case 403 -> "A permission is missing, and named";
      case 404 -> "There is no such thing, or it is another tenant's";
      case 408 -> "What was waited for has not ended in time";
      case 409 -> "The state of things forbids it";
      case 410 -> "It is too late";
      case 412 -> "There is a newer revision than the one that If-Match names";
      case 413 -> "The body is larger than 256 KiB";
      case 415 -> "The body is of another media type, or compressed";
      case 422 ->
          "The Idempotency-Key was used for another request, or a rule of the request fails";
      case 428 -> "A change needs If-Match";
      case 429 -> "Too many requests";
      case 503 -> "Something that is needed is away for the moment";
      default -> "A fault of ours; the logs have it under the id in detail";
    };
  }

  static String example(int status) {
    return """
    {"type": "urn:orchestrator:problem:some_code", "title": "...", "status": %d,
     "detail": "what is wrong, in words", "code": "some_code", "errors": []}
    """
        .formatted(status);
  }
}
