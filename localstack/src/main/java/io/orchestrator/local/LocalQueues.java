package io.orchestrator.local;

import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.elasticmq.NodeAddress;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder$;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * An SQS-compatible server in this process. Messages are kept in memory: a lost one is derived
 * again from the database.
 */
public final class LocalQueues implements AutoCloseable {
  /** Credentials that the server accepts, as it accepts any. */
  public static final String ACCESS_KEY = "local";

  static {
    // The JDK keeps five idle connections to a host unless told otherwise, fewer than we have
    // pollers.
    System.setProperty("http.maxConnections", "64");
  }

  private static final Duration STOP_MAX = Duration.ofSeconds(1);

  private final SQSRestServer server;
  private final URI endpoint;
  private final SqsClient client;

  /** The server is null if somebody else runs it. */
  private LocalQueues(SQSRestServer server, URI endpoint) {
    this.server = server;
    this.endpoint = endpoint;
    this.client = client(endpoint);
  }

  /** Queues of a server that runs already. */
  static LocalQueues at(URI endpoint) {
    return new LocalQueues(null, endpoint);
  }

  /** Starts the server on the remembered port. */
  public static LocalQueues start(Ports ports) {
    return start(ports.of("sqs"));
  }

  static LocalQueues start(int port) {
    SQSRestServer server =
        SQSRestServerBuilder$.MODULE$
            .withInterface("127.0.0.1")
            .withPort(port)
            .withServerAddress(new NodeAddress("http", "127.0.0.1", port, ""))
            .withAWSRegion(Surroundings.REGION)
            .withAWSAccountId(Surroundings.ACCOUNT)
            .start();
    server.waitUntilStarted();
    return new LocalQueues(server, URI.create("http://127.0.0.1:" + port));
  }

  /** Makes the queues, dead letter queues first, since a redrive policy names an existing one. */
  public void create(List<QueueSpec> queues) {
    queues.stream().filter(queue -> queue.deadLetter().isEmpty()).forEach(this::create);
    queues.stream().filter(queue -> queue.deadLetter().isPresent()).forEach(this::create);
  }

  private void create(QueueSpec queue) {
    Map<QueueAttributeName, String> attributes = new EnumMap<>(QueueAttributeName.class);
    attributes.put(
        QueueAttributeName.VISIBILITY_TIMEOUT, Long.toString(queue.visibility().toSeconds()));
    attributes.put(QueueAttributeName.DELAY_SECONDS, Long.toString(queue.delay().toSeconds()));
    queue
        .deadLetter()
        .ifPresent(
            target ->
                attributes.put(
                    QueueAttributeName.REDRIVE_POLICY,
                    "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":%d}"
                        .formatted(arn(target), queue.receiveCountMax())));
    client.createQueue(request -> request.queueName(queue.name()).attributes(attributes));
  }

  public URI endpoint() {
    return endpoint;
  }

  public String url(String queue) {
    return endpoint() + "/" + Surroundings.ACCOUNT + "/" + queue;
  }

  public static String arn(String queue) {
    return "arn:aws:sqs:" + Surroundings.REGION + ":" + Surroundings.ACCOUNT + ":" + queue;
  }

  /** A client of this server, shared and safe for many threads. */
  public SqsClient client() {
    return client;
  }

  /** A client of an SQS-compatible server; its reads wait longer than the longest poll. */
  static SqsClient client(URI endpoint) {
    return SqsClient.builder()
        .endpointOverride(endpoint)
        .region(Region.of(Surroundings.REGION))
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, ACCESS_KEY)))
        .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(Duration.ofSeconds(30)))
        .build();
  }

  @Override
  public void close() {
    client.close();
    if (server != null) {
      stop();
    }
  }

  /**
   * The port is given back at once. The server then waits for the long polls of clients that have
   * gone, 20 s; nobody needs to wait with it, since its queues are in memory only.
   */
  private void stop() {
    Thread stopping = Thread.ofPlatform().daemon().name("queues-stop").start(server::stopAndWait);
    try {
      stopping.join(STOP_MAX);
    } catch (InterruptedException told) {
      Thread.currentThread().interrupt();
    }
  }
}
