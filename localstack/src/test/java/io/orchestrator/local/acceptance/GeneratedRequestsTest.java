package io.orchestrator.local.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.orchestrator.expression.Json;
import io.orchestrator.local.StackOptions;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests that Schemathesis makes up from the OpenAPI document, right ones and wrong ones, against
 * the stack: nothing is answered 5xx, and nothing that the document does not name. {@code
 * -Dgenerated.examples=} says how many for each operation.
 */
@Tag("generated")
class GeneratedRequestsTest {
  private static final String CHECKS =
      "not_a_server_error,status_code_conformance,content_type_conformance,"
          + "response_headers_conformance,response_schema_conformance,negative_data_rejection,"
          + "unsupported_method,ignored_auth";

  /** Which statuses say that a wrong request was seen to be wrong. */
  private static final String SETTINGS =
      """
      [checks.negative_data_rejection]
      expected-statuses = [400, 401, 403, 404, 405, 409, 410, 412, 413, 415, 422, 428, 429, 503]

      [parameters]
      "query.wait" = "100ms"
      """;

  @TempDir Path folder;

  @Test
  void every_answer_to_a_generated_request_is_documented_and_none_is_a_fault() throws Exception {
    Path schemathesis = onPath("schemathesis");
    assumeThat(schemathesis)
        .as(
            "schemathesis is not on the PATH, so no requests were generated from openapi.json (pip"
                + " install schemathesis)")
        .isNotNull();
    StackOptions options = StackOptions.of(Project.template(), folder.resolve("data")).onPort(0);
    try (EmbeddedTarget target = new EmbeddedTarget(options);
        HttpClient http = HttpClient.newHttpClient()) {
      String token = target.token("acme", "flow:admin");
      // Names and ids of things that are not there, then of things that are.
      String unknown = run(schemathesis, target.url(), token, Map.of());
      String known = run(schemathesis, target.url(), token, things(http, target.url(), token));
      assertThat(List.of(unknown, known)).containsOnly("");
    }
  }

  /** A flow that waits, an execution of it, and an adapter, by the parameters that name them. */
  private static Map<String, String> things(HttpClient http, String url, String token)
      throws IOException, InterruptedException {
    String flow = "{\"flow\": \"waits\", \"steps\": [{\"w\": {\"await\": {\"signal\": \"go\"}}}]}";
    send(http, token, "POST", url + "/flows", flow);
    String execution = send(http, token, "POST", url + "/flows/waits/execute", "{}");
    String id = (String) ((Map<?, ?>) Json.read(execution)).get("id");
    String adapter = "{\"adapter\": \"go\", \"type\": \"sandbox\", \"actions\": {\"a\": {}}}";
    send(http, token, "PUT", url + "/adapters/go", adapter);
    return Map.of(
        "path.flow",
        "waits",
        "path.id",
        id,
        "path.name",
        "go",
        "path.version",
        "1.0.0",
        "path.step",
        "w");
  }

  private static String send(
      HttpClient http, String token, String method, String address, String body)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(URI.create(address))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
    return response.body();
  }

  /** What it has to say; empty if there is nothing wrong. */
  private String run(Path schemathesis, String url, String token, Map<String, String> parameters)
      throws IOException, InterruptedException {
    Path config = folder.resolve("schemathesis.toml");
    StringBuilder text = new StringBuilder(SETTINGS);
    parameters.forEach((name, value) -> text.append('"' + name + "\" = \"" + value + "\"\n"));
    Files.writeString(config, text);
    List<String> command =
        new ArrayList<>(
            List.of(
                schemathesis.toString(),
                "--config-file",
                config.toString(),
                "run",
                url + "/openapi.json",
                "--header",
                "Authorization: Bearer " + token,
                "--checks",
                CHECKS,
                "--phases",
                "examples,coverage,fuzzing",
                "--max-examples",
                System.getProperty("generated.examples", "10"),
                "--request-timeout",
                "40",
                "--continue-on-failure",
                "--no-shrink",
                "--no-color",
                "--warnings",
                "off",
                "--generation-database",
                "none"));
    String seed = System.getProperty("generated.seed", "");
    if (!seed.isEmpty()) {
      command.addAll(List.of("--seed", seed));
    }
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("said.txt").toFile())
            .start();
    int status = process.waitFor();
    String said = Files.readString(folder.resolve("said.txt"), StandardCharsets.UTF_8);
    int summary = said.lastIndexOf(" SUMMARY ");
    System.out.println(summary < 0 ? said : said.substring(summary));
    return status == 0 ? "" : said;
  }

  private static Path onPath(String program) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .map(place -> Path.of(place).resolve(program))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }
}
