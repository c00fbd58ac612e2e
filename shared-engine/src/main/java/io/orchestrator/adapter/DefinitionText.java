package io.orchestrator.adapter;

import io.orchestrator.adapter.openapi.Documents;
import io.orchestrator.adapter.openapi.OpenApi;
import io.orchestrator.flow.Code;
import io.orchestrator.flow.Document;
import io.orchestrator.flow.Node;
import io.orchestrator.flow.Problem;
import io.orchestrator.flow.Problems;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Reads the text of a definition that is about to be stored, with its OpenAPI document, and tells
 * everything that is wrong with it at once, by line and column.
 */
public final class DefinitionText {
  /** On a developer's machine, without asking anybody. */
  public static final DefinitionText OFFLINE = new DefinitionText(Documents.NONE, "local");

  private static final Comparator<Problem> BY_PLACE =
      Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column);

  private final Documents documents;
  private final String environment;

  /**
   * @param environment whose part of a definition counts here; empty if there is none
   */
  public DefinitionText(Documents documents, String environment) {
    this.documents = documents;
    this.environment = environment;
  }

  /**
   * What a text says.
   *
   * @param definition null if there are errors
   * @param generated the actions of its OpenAPI document
   * @param root null if the text cannot be read at all
   */
  public record Read(
      Definition definition,
      Map<String, Object> generated,
      List<Problem> errors,
      List<Problem> warnings,
      Node root) {

    /** As the registry keeps it. */
    public String stored() {
      return StoredDefinition.text(definition.data(), generated);
    }
  }

  /** Reads it. Its document is fetched now, if it has one elsewhere. */
  public Read read(byte[] utf8) {
    Problems unread = new Problems();
    Document document = Document.read(utf8, unread);
    if (document == null || !unread.none()) {
      return new Read(null, Map.of(), unread.errors(), List.of(), null);
    }
    Node root = document.root();
    if (!(document.data() instanceof Map<?, ?> map)) {
      unread.error(Code.WRONG_TYPE, root.spot(), "a definition is a map", "adapter: name");
      return new Read(null, Map.of(), unread.errors(), List.of(), root);
    }
    Source written = new Source(Fields.strings(map), Map.of(), environment);
    OpenApi.Reading openApi =
        OpenApi.read(written.written().get("openapi"), allow(written), documents);
    Source source = new Source(written.written(), openApi.actions(), environment);
    DefinitionReader.Reading reading = DefinitionReader.readStrictly(source);
    List<Problem> errors = new ArrayList<>(reading.problems());
    errors.addAll(openApi.errors());
    return new Read(
        errors.isEmpty() ? reading.definition() : null,
        openApi.actions(),
        placed(errors, root),
        placed(openApi.warnings(), root),
        root);
  }

  private static List<Problem> placed(List<Problem> problems, Node root) {
    return problems.stream()
        .map(problem -> Positions.placed(problem, root))
        .sorted(BY_PLACE)
        .limit(Limits.PROBLEMS_MAX)
        .toList();
  }

  /** The document may be where the service itself is. */
  private static AllowList allow(Source source) {
    if (!(source.effective().get("allow") instanceof List<?> entries)) {
      return AllowList.NONE;
    }
    try {
      return AllowList.parse(entries.stream().map(String::valueOf).toList());
    } catch (IllegalArgumentException told) {
      return AllowList.NONE; // the reader tells it
    }
  }
}
