package io.orchestrator.local;

import io.orchestrator.flow.Document;
import io.orchestrator.flow.Node;
import io.orchestrator.flow.Problems;
import io.orchestrator.rehearsal.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The flows beside a flow, which it may run: other files of its folder, and {@code flow.yaml} in
 * the folders beside that.
 */
final class FlowsBeside {
  private static final String FLOW = "flow.yaml";

  private final Map<String, Path> paths = new LinkedHashMap<>();
  private final Map<String, Stage> stages = new LinkedHashMap<>();

  FlowsBeside(Path flow) {
    Path folder = flow.toAbsolutePath().getParent();
    List<Path> files = new ArrayList<>(list(folder));
    if (folder.getParent() != null && flow.getFileName().toString().equals(FLOW)) {
      list(folder.getParent()).stream().map(each -> each.resolve(FLOW)).forEach(files::add);
    }
    for (Path file : files) {
      String name = isText(file) ? name(file) : "";
      if (!name.isEmpty()) {
        paths.putIfAbsent(name, file);
      }
    }
  }

  Set<String> names() {
    return paths.keySet();
  }

  /** The stage of a flow by its name; null if it is not beside or cannot be run. */
  Stage stage(String name) {
    if (!stages.containsKey(name)) {
      stages.put(name, paths.containsKey(name) ? TestFile.read(paths.get(name)).stage() : null);
    }
    return stages.get(name);
  }

  private static boolean isText(Path file) {
    String name = file.toString();
    return Files.isRegularFile(file)
        && !TestFile.isBeside(file)
        && (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"));
  }

  private static String name(Path file) {
    Document document = Document.read(FlowFile.read(file).text(), new Problems());
    return document != null
            && document.root() instanceof Node.Mapping map
            && map.get("steps") != null
            && map.get("flow") instanceof Node.Scalar name
            && name.value() instanceof String text
        ? text
        : "";
  }

  private static List<Path> list(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new StackException("Cannot read " + folder + ": " + e.getMessage(), e);
    }
  }
}
