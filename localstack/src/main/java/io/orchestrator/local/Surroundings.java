package io.orchestrator.local;

import java.util.Map;

/**
 * What a template is resolved against: parameter values, and where the local queues and API are.
 */
public record Surroundings(
    Map<String, String> parameters,
    String region,
    String account,
    String queueBase,
    String apiUrl) {
  public static final String REGION = "eu-central-1";
  public static final String ACCOUNT = "000000000000";

  public static Surroundings local(
      Map<String, String> parameters, String queueBase, String apiUrl) {
    return new Surroundings(Map.copyOf(parameters), REGION, ACCOUNT, queueBase, apiUrl);
  }
}
