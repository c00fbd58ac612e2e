package io.orchestrator.functions;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.orchestrator.expression.Json;
import io.orchestrator.telemetry.Log;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the schema up to date: as a custom resource of the deployment, which CloudFormation waits
 * for, or called directly with {@code {}}.
 */
public final class MigrateFunction implements RequestStreamHandler {
  private static final Logger LOG;
  private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

  static {
    Log.start();
    LOG = LoggerFactory.getLogger(MigrateFunction.class);
  }

  private final Migration migration;

  public MigrateFunction() {
    this(System.getenv());
  }

  public MigrateFunction(Map<String, String> environment) {
    this.migration = new Migration(environment);
  }

  @Override
  public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
    try (Log.About _ = Log.request(context.getAwsRequestId())) {
      Map<?, ?> event = Streams.read(in);
      boolean asked = event.containsKey("ResponseURL");
      Streams.write(out, asked ? resource(event) : migrate());
    }
  }

  private Map<String, Object> migrate() {
    int applied = migration.run();
    Log.event("schema_migrated", "applied", applied);
    return Map.of("applied", (long) applied);
  }

  /** Whatever happens, CloudFormation gets its answer, or the deployment would hang for an hour. */
  private Map<String, Object> resource(Map<?, ?> event) throws IOException {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("PhysicalResourceId", "schema");
    for (String key : new String[] {"StackId", "RequestId", "LogicalResourceId"}) {
      answer.put(key, event.get(key));
    }
    try {
      // The data outlives the stack.
      answer.put("Data", "Delete".equals(event.get("RequestType")) ? Map.of() : migrate());
      answer.put("Status", "SUCCESS");
    } catch (RuntimeException failed) {
      LOG.error("The schema could not be migrated", failed);
      answer.put("Status", "FAILED");
      answer.put("Reason", "The schema could not be migrated; see the function's log");
    }
    send(URI.create((String) event.get("ResponseURL")), Json.write(answer));
    return answer;
  }

  private static void send(URI to, String body) throws IOException {
    // An empty content type: the presigned address was signed without one.
    HttpRequest request =
        HttpRequest.newBuilder(to)
            .timeout(ANSWER_MAX)
            .header("content-type", "")
            .PUT(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(ANSWER_MAX).build()) {
      HttpResponse<Void> response = client.send(request, HttpResponse.BodyHandlers.discarding());
      if (response.statusCode() >= 300) {
        throw new IOException("CloudFormation answered " + response.statusCode());
      }
    } catch (InterruptedException told) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while answering CloudFormation", told);
    }
  }
}
