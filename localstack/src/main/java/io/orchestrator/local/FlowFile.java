package io.orchestrator.local;

import io.orchestrator.adapter.Definition;
import io.orchestrator.adapter.DefinitionReader;
import io.orchestrator.adapter.KnownAdapter;
import io.orchestrator.adapter.sandbox.BuiltIns;
import io.orchestrator.flow.Document;
import io.orchestrator.flow.FlowValidation;
import io.orchestrator.flow.KnownNames;
import io.orchestrator.flow.Node;
import io.orchestrator.flow.Problem;
import io.orchestrator.flow.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A file with the text of a flow; the definitions of adapters in the folder {@code adapters} beside
 * it belong to it.
 */
record FlowFile(Path path, byte[] text) {
  private static final String ADAPTERS = "adapters";

  static FlowFile read(Path path) {
    return new FlowFile(path, bytes(path));
  }

  private static byte[] bytes(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (NoSuchFileException e) {
      throw new StackException("There is no file " + path, e);
    } catch (IOException e) {
      throw new StackException("Cannot read " + path + ": " + e.getMessage(), e);
    }
  }

  /** The type of its content, for the API. */
  String type() {
    return path.toString().endsWith(".json") ? Client.JSON : Client.YAML;
  }

  /** Whether it is the definition of an adapter. */
  boolean isAdapter() {
    Document document = Document.read(text, new Problems());
    return document != null
        && document.root() instanceof Node.Mapping map
        && map.get("adapter") != null
        && map.get("flow") == null;
  }

  /** Whether it can be read as a flow that has tests in its own text. */
  boolean hasTests() {
    Document document = Document.read(text, new Problems());
    return document != null
        && document.root() instanceof Node.Mapping map
        && map.get("flow") != null
        && map.get("tests") != null;
  }

  /** A definition of an adapter beside a flow; the definition is null if there are problems. */
  record AdapterFile(Path path, byte[] text, Definition definition, List<Problem> problems) {}

  /** The adapters beside it, by the names of their files. */
  List<AdapterFile> adapters() {
    Path folder = path.toAbsolutePath().resolveSibling(ADAPTERS);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".yaml"))
          .sorted()
          .map(this::adapter)
          .toList();
    } catch (IOException e) {
      throw new StackException("Cannot read " + folder + ": " + e.getMessage(), e);
    }
  }

  private AdapterFile adapter(Path file) {
    byte[] definition = bytes(file);
    DefinitionReader.Reading reading = DefinitionReader.readText(definition);
    Path shown = path.resolveSibling(ADAPTERS).resolve(file.getFileName());
    return new AdapterFile(shown, definition, reading.definition(), reading.problems());
  }

  /**
   * Everything that can be said of the flow with these adapters, the built-in sandboxes and flows
   * of these names.
   */
  FlowValidation validate(List<AdapterFile> adapters, Set<String> flows) {
    Set<String> open =
        adapters.stream()
            .map(AdapterFile::definition)
            .filter(FlowFile::isOpen)
            .map(Definition::adapter)
            .collect(Collectors.toSet());
    return FlowValidation.validate(text, new OpenNames(names(adapters, flows), open));
  }

  /** Whether it has actions of a document elsewhere, which nobody fetches here. */
  private static boolean isOpen(Definition definition) {
    Object openApi = definition == null ? null : definition.data().get("openapi");
    return openApi instanceof String
        || (openApi instanceof Map<?, ?> map && map.containsKey("url"));
  }

  /** The names of these adapters, the built-in sandboxes and these flows. */
  KnownNames names(List<AdapterFile> adapters, Set<String> flows) {
    Map<String, KnownNames.Adapter> known = new HashMap<>();
    new BuiltIns()
        .all("")
        .forEach(definition -> known.put(definition.adapter(), KnownAdapter.of(definition)));
    for (AdapterFile file : adapters) {
      if (file.definition() != null) {
        known.put(file.definition().adapter(), KnownAdapter.of(file.definition()));
      }
    }
    return new KnownNames(known, Map.of(), flows);
  }
}
