package io.orchestrator.functions;

import io.orchestrator.expression.Json;
import io.orchestrator.flow.LanguageSchema;

/**
 * What this deployment says of itself: the schema of the flow language, the document of its API.
 */
final class SchemaResource {
  private static final String TYPE = "application/schema+json";

  private SchemaResource() {}

  /** The same for everybody until the next deployment. */
  static Reply flow() {
    return Reply.text(200, TYPE, Made.TEXT).with("cache-control", "public, max-age=3600");
  }

  static Reply openApi() {
    return Reply.text(200, Reply.JSON, Document.TEXT).with("cache-control", "public, max-age=3600");
  }

  /** Apart, so that it is made when somebody first asks for it. */
  private static final class Document {
    static final String TEXT = Json.write(Contracts.document());
  }

  /** Apart for the same reason. */
  private static final class Made {
    static final String TEXT = Json.write(LanguageSchema.data());
  }
}
