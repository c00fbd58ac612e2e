package io.orchestrator.adapter.builtin;

import io.orchestrator.adapter.AdapterType;
import io.orchestrator.adapter.Adapters;
import io.orchestrator.adapter.AllowList;
import io.orchestrator.adapter.Answer;
import io.orchestrator.adapter.Calling;
import io.orchestrator.adapter.ContractServer;
import io.orchestrator.adapter.Definition;
import io.orchestrator.adapter.DefinitionReader;
import io.orchestrator.adapter.Definitions;
import io.orchestrator.adapter.aws.AwsSigner;
import io.orchestrator.adapter.aws.LambdaType;
import io.orchestrator.adapter.aws.SqsType;
import io.orchestrator.adapter.http.Egress;
import io.orchestrator.adapter.http.HttpType;
import io.orchestrator.adapter.http.Line;
import io.orchestrator.adapter.http.NameServer;
import io.orchestrator.adapter.iam.IamType;
import io.orchestrator.adapter.llm.LlmType;
import io.orchestrator.adapter.mcp.McpType;
import io.orchestrator.adapter.n8n.N8nType;
import io.orchestrator.adapter.prompt.PromptServiceType;
import io.orchestrator.execution.Failure;
import io.orchestrator.flow.Document;
import io.orchestrator.flow.Problems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An adapter of a built-in type that a tenant has bound to a contract server, as it would to the
 * real service: only the address is another. Every secret is there, its value says which it is.
 */
final class Bound implements AutoCloseable {
  /** One for all tests: it knows nothing of a server but its address. */
  private static final Egress EGRESS =
      new Egress(NameServer.SYSTEM, AllowList.parse("127.0.0.0/8,::1"));

  final ContractServer server = new ContractServer();
  private final String adapter;
  private final Adapters adapters;
  private Instant now = Calling.NOW;

  /**
   * @param yaml the definition; its address is added
   */
  Bound(String yaml) throws IOException {
    Map<String, Object> definition = new LinkedHashMap<>();
    Document document = Document.read(yaml.getBytes(StandardCharsets.UTF_8), new Problems());
    ((Map<?, ?>) document.data()).forEach((key, value) -> definition.put((String) key, value));
    definition.putIfAbsent("base_url", server.base().toString());
    definition.put("allow", List.of("127.0.0.0/8"));
    adapter = (String) definition.get("adapter");
    HttpType http = new HttpType(EGRESS);
    Map<String, AdapterType> types = new LinkedHashMap<>();
    BuiltInTypes.names().forEach(name -> types.put(name, http));
    types.put("iam", new IamType(http));
    types.put("prompt_service", new PromptServiceType(http));
    Line line = new Line(EGRESS);
    AwsSigner signer = new AwsSigner(null, "");
    types.put("llm", new LlmType(line, signer));
    types.put("ai", new LlmType(line, signer));
    types.put("mcp", new McpType(line));
    types.put("n8n", new N8nType(line, http));
    types.put("lambda", new LambdaType(line, signer));
    types.put("sqs", new SqsType(line, signer, Set.of()));
    adapters =
        new Adapters(
            new Only(DefinitionReader.read(definition).definition()),
            types,
            (tenant, name) -> "the-" + name,
            () -> now);
  }

  /** Time goes by. */
  void after(Duration time) {
    now = now.plus(time);
  }

  Answer call(String action, Object params) {
    return call(Calling.call(adapter, action, params));
  }

  Answer call(Calling calling) {
    return adapters.call(calling.build());
  }

  /** Params as JSON with single quotes; null for the action is the default one. */
  Answer call(String action, String json) {
    return call(action, Calling.data(json));
  }

  Object result(String action, String json) {
    Answer answer = call(action, json);
    if (answer instanceof Answer.Done done) {
      return done.result();
    }
    throw new AssertionError(answer.toString());
  }

  @SuppressWarnings("unchecked") // The keys of data are texts.
  Map<String, Object> map(String action, String json) {
    return (Map<String, Object>) result(action, json);
  }

  Failure failure(String action, String json) {
    return ((Answer.Refused) call(action, json)).failure();
  }

  @Override
  public void close() {
    server.close();
  }

  /** The one adapter that the tenant has. */
  private record Only(Definition definition) implements Definitions {
    @Override
    public Definition find(String tenant, String name) {
      return definition.adapter().equals(name) ? definition : null;
    }

    @Override
    public Collection<Definition> all(String tenant) {
      return List.of(definition);
    }
  }
}
