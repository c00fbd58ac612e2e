package io.orchestrator.local;

import io.orchestrator.flow.Problem;
import java.nio.file.Path;
import java.util.List;

/** Brings flows and the adapters beside them from files into a stack. */
final class Installer {
  private static final int CONFLICT = 409;

  private final Client client;

  Installer(Client client) {
    this.client = client;
  }

  /** A flow that is there now; {@code fresh} if this put it there. */
  record Installed(String flow, String version, boolean fresh) {}

  /** Publishes the flow; if there is one of its name already, as its next version. */
  Installed publish(FlowFile file) {
    file.adapters().forEach(adapter -> put(adapter, true));
    Client.Answer answer = client.send("POST", "/flows", file.type(), file.text());
    if (answer.status() == CONFLICT && "name_taken".equals(answer.json().get("code"))) {
      answer = client.send("PUT", answer.location(), file.type(), file.text(), "if-match", "*");
    }
    check(answer, file.path(), file.text());
    return new Installed(
        Data.text(answer.json().get("flow")), Data.text(answer.json().get("version")), true);
  }

  /** Publishes the flow unless there is one of its name. What a user has changed stays as it is. */
  Installed install(FlowFile file) {
    file.adapters().forEach(adapter -> put(adapter, false));
    Client.Answer answer = client.send("POST", "/flows", file.type(), file.text());
    if (answer.status() == CONFLICT && "name_taken".equals(answer.json().get("code"))) {
      return new Installed(
          answer.location().substring(answer.location().lastIndexOf('/') + 1), "", false);
    }
    check(answer, file.path(), file.text());
    return new Installed(
        Data.text(answer.json().get("flow")), Data.text(answer.json().get("version")), true);
  }

  private void put(FlowFile.AdapterFile adapter, boolean again) {
    if (adapter.definition() == null) {
      throw invalid(adapter.path(), adapter.text(), adapter.problems());
    }
    String path = "/adapters/" + adapter.definition().adapter();
    Client.Answer known = client.get(path, Client.JSON);
    boolean own = known.succeeded() && Boolean.FALSE.equals(known.json().get("built_in"));
    if (own && (!again || adapter.definition().data().equals(known.json().get("definition")))) {
      return;
    }
    String[] condition = own ? new String[] {"if-match", "*"} : new String[0];
    check(
        client.send("PUT", path, Client.YAML, adapter.text(), condition),
        adapter.path(),
        adapter.text());
  }

  private static void check(Client.Answer answer, Path file, byte[] text) {
    if (answer.succeeded()) {
      return;
    }
    List<Problem> problems =
        Data.maps(answer.json().get("errors")).stream().map(Findings::problem).toList();
    if (problems.isEmpty()) {
      throw new StackException(file + " cannot be published: " + answer.problem());
    }
    throw invalid(file, text, problems);
  }

  private static StackException invalid(Path file, byte[] text, List<Problem> problems) {
    Findings findings = new Findings(file.toString(), text);
    StringBuilder out = new StringBuilder();
    problems.forEach(problem -> out.append(findings.of(problem, false)));
    return new StackException(out.append(file).append(" cannot be published").toString());
  }
}
