package io.orchestrator.functions;

import io.orchestrator.adapter.AdapterType;
import io.orchestrator.adapter.aws.AwsSigner;
import io.orchestrator.adapter.aws.LambdaType;
import io.orchestrator.adapter.aws.SqsType;
import io.orchestrator.adapter.http.Egress;
import io.orchestrator.adapter.http.HttpType;
import io.orchestrator.adapter.http.Line;
import io.orchestrator.adapter.llm.LlmType;
import io.orchestrator.adapter.mcp.McpType;
import io.orchestrator.adapter.n8n.N8nType;
import io.orchestrator.engine.Settings;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/** The types of adapters that say more over the wire than a definition can. */
final class OwnWires {
  private OwnWires() {}

  static Map<String, AdapterType> of(Egress egress, HttpType http, Settings settings) {
    Line line = new Line(egress);
    AwsSigner signer = new AwsSigner(role(settings), settings.region());
    LlmType llm = new LlmType(line, signer);
    Map<String, AdapterType> types = new LinkedHashMap<>();
    types.put("llm", llm);
    types.put("ai", llm);
    types.put("mcp", new McpType(line));
    types.put("n8n", new N8nType(line, http));
    types.put("lambda", new LambdaType(line, signer));
    types.put("sqs", new SqsType(line, signer, queues(settings.queues())));
    return types;
  }

  /**
   * The role of the function, which its policy bounds; a machine of one's own lends nobody the keys
   * that happen to lie on it.
   */
  private static Supplier<AwsCredentialsProvider> role(Settings settings) {
    if (settings.sandbox() || settings.functionName().isEmpty()) {
      return null;
    }
    return new Lazy<>(() -> DefaultCredentialsProvider.builder().build());
  }

  private static Set<String> queues(Settings.Queues queues) {
    Set<String> urls = new LinkedHashSet<>();
    urls.add(queues.step());
    urls.add(queues.slow());
    urls.add(queues.resume());
    urls.add(queues.sweep());
    urls.remove("");
    return urls;
  }
}
