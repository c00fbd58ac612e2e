package io.orchestrator.functions;

import static io.orchestrator.functions.openapi.Field.has;

import io.orchestrator.execution.Status;
import io.orchestrator.execution.StepStatus;
import io.orchestrator.functions.openapi.Problems;
import io.orchestrator.functions.openapi.Shape;
import java.util.Arrays;

/** Shapes that several contracts use. */
final class Shapes {
  static final Shape NAME = Shape.text("^[a-z][a-z0-9_-]{0,63}$");
  static final Shape VERSION = Shape.text("^[0-9]+\\.[0-9]+\\.[0-9]+").upTo(100);
  static final Shape STATUS =
      Shape.word(Arrays.stream(Status.values()).map(Status::text).toList()).named("Status");
  static final Shape STEP_STATUS =
      Shape.word(Arrays.stream(StepStatus.values()).map(StepStatus::text).toList())
          .named("StepStatus");
  static final Shape FAULTS = Shape.list(Problems.FAULT);

  /** Search attributes as query parameters. */
  static final Shape ATTRIBUTES =
      Shape.attributes("^search\\.[A-Za-z][A-Za-z0-9_]{0,62}$", Limits.SEARCH_CHARS_MAX);

  /** An execution that was asked to do something. */
  static final Shape STARTED =
      Shape.object(
              has("id", Shape.uuid()),
              has("flow", Shape.text()),
              has("version", Shape.text()),
              has("status", STATUS))
          .named("Started");

  static final String STARTED_EXAMPLE =
      """
      {"id": "019ab3a4-0000-7000-8000-000000000001", "flow": "hello", "version": "1.0.0",
       "status": "queued"}
      """;

  private Shapes() {}
}
