package io.orchestrator.aws;

import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.defaultsmode.DefaultsMode;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/** Opens clients of AWS services, all with the same short times. */
public final class AwsClients {
  private static final Duration CONNECT_MAX = Duration.ofSeconds(1);
  private static final Duration ATTEMPT_MAX = Duration.ofSeconds(2);

  private AwsClients() {}

  /**
   * A client over the JDK's own HTTP connections, the lightest for a cold start.
   *
   * @param endpoint of an emulator, or null for what region and environment say
   * @param callMax how long a call may take with all its attempts, of at most two seconds each
   */
  public static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C open(
      B builder, URI endpoint, Duration callMax) {
    builder
        .httpClientBuilder(
            UrlConnectionHttpClient.builder()
                .connectionTimeout(CONNECT_MAX)
                .socketTimeout(ATTEMPT_MAX))
        .defaultsMode(DefaultsMode.IN_REGION)
        .overrideConfiguration(o -> o.apiCallTimeout(callMax).apiCallAttemptTimeout(ATTEMPT_MAX));
    if (endpoint != null) {
      builder.endpointOverride(endpoint);
    }
    return builder.build();
  }
}
