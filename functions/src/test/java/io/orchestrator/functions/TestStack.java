package io.orchestrator.functions;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import io.orchestrator.expression.Json;
import io.orchestrator.queue.Outgoing;
import io.orchestrator.testing.FoldsBack;
import io.orchestrator.testing.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * The real functions on a real PostgreSQL, a real SQS-compatible server and a real issuer; messages
 * move when a test says so.
 */
final class TestStack implements AutoCloseable {
  static final Called CALLED = new Called(30_000);

  final TestDatabase database = TestDatabase.create();

  /** Executions whose rows a test has changed by hand: their histories need not add up to them. */
  final Set<UUID> spoilt = ConcurrentHashMap.newKeySet();

  final TestIssuer issuer;
  final SqsClient sqs;
  final Map<String, String> environment = new HashMap<>();
  final ApiFunction api;
  final TriggerFunction trigger;
  final StepRunnerFunction steps;
  final ResumeFunction resume;
  private final SQSRestServer server;

  TestStack() throws Exception {
    this(Map.of());
  }

  /**
   * @param more variables that win over the stack's own
   */
  TestStack(Map<String, String> more) throws Exception {
    // The SDK looks for a region and credentials, as it would find them in Lambda.
    System.setProperty("aws.accessKeyId", "local");
    System.setProperty("aws.secretAccessKey", "local");
    System.setProperty("aws.region", "eu-central-1");
    issuer = new TestIssuer();
    server = SQSRestServerBuilder.withInterface("127.0.0.1").withDynamicPort().start();
    URI endpoint =
        URI.create("http://127.0.0.1:" + server.waitUntilStarted().localAddress().getPort());
    sqs =
        SqsClient.builder()
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .region(Region.EU_CENTRAL_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
            .endpointOverride(endpoint)
            .build();
    for (String queue : List.of("STEP", "SLOW", "RESUME", "SWEEP")) {
      environment.put(
          queue + "_QUEUE_URL",
          sqs.createQueue(request -> request.queueName(queue + "-" + UUID.randomUUID()))
              .queueUrl());
    }
    environment.put("AWS_ENDPOINT_URL_SQS", endpoint.toString());
    environment.put("DATABASE_URL", database.url());
    environment.put("OWNER_DATABASE_USER", "postgres");
    environment.put("CALLBACK_SECRET", "callback");
    environment.put("ORCHESTRATOR_SECRET_CALLBACK", "a key of at least thirty-two characters");
    environment.put("JWT_ISSUER", TestIssuer.NAME);
    environment.put("JWT_AUDIENCE", TestIssuer.AUDIENCE);
    environment.put("JWKS_URL", issuer.keysUrl());
    environment.put("IAM_URL", "https://iam.test/login");
    environment.put("PUBLIC_URL", "http://localhost:8080");
    environment.put("SANDBOX", "true");
    environment.putAll(more);
    api = new ApiFunction(environment);
    trigger = new TriggerFunction(environment);
    steps = new StepRunnerFunction(environment);
    resume = new ResumeFunction(environment);
  }

  String token(String... permissions) {
    return issuer.token("acme", permissions);
  }

  /** A token that may do everything. */
  String admin() {
    return token("flow:admin");
  }

  // -- HTTP

  /** What came back. */
  record Answer(int status, Map<String, String> headers, String body) {
    Map<String, Object> json() {
      return Template.map(Json.read(body));
    }

    String code() {
      return (String) json().get("code");
    }
  }

  Answer call(String token, String method, String path, String body, String... headers) {
    return callOn(api, token, method, path, body, headers);
  }

  /** The same to another process of the function. */
  static Answer callOn(
      ApiFunction api, String token, String method, String path, String body, String... headers) {
    APIGatewayV2HTTPEvent event = event(token, method, path, body, headers);
    APIGatewayV2HTTPResponse response = api.handleRequest(event, CALLED);
    return documented(
        Request.of(event),
        new Answer(response.getStatusCode(), response.getHeaders(), response.getBody()));
  }

  /** The same with a body of any bytes, as a gateway hands on what is no text. */
  Answer raw(String token, String method, String path, byte[] body, List<String> headers) {
    APIGatewayV2HTTPEvent event = event(token, method, path, null, headers.toArray(String[]::new));
    event.setBody(body.length == 0 ? null : Base64.getEncoder().encodeToString(body));
    event.setIsBase64Encoded(body.length > 0);
    APIGatewayV2HTTPResponse response = api.handleRequest(event, CALLED);
    return documented(
        Request.of(event),
        new Answer(response.getStatusCode(), response.getHeaders(), response.getBody()));
  }

  private static Answer documented(Request request, Answer answer) {
    Conformity.check(request, answer.status(), answer.headers(), answer.body());
    return answer;
  }

  static APIGatewayV2HTTPEvent event(
      String token, String method, String path, String body, String... headers) {
    String[] parts = path.split("\\?", 2);
    return APIGatewayV2HTTPEvent.builder()
        .withRawPath(parts[0])
        .withRawQueryString(parts.length == 1 ? "" : parts[1])
        .withHeaders(headers(token, body, headers))
        .withBody(body)
        .withRequestContext(
            APIGatewayV2HTTPEvent.RequestContext.builder()
                .withRequestId("r1")
                .withHttp(
                    APIGatewayV2HTTPEvent.RequestContext.Http.builder()
                        .withMethod(method)
                        .withPath(parts[0])
                        .build())
                .build())
        .build();
  }

  private static Map<String, String> headers(String token, String body, String... more) {
    Map<String, String> headers = new LinkedHashMap<>();
    if (token != null) {
      headers.put("authorization", "Bearer " + token);
    }
    if (body != null) {
      headers.put("content-type", "application/json");
    }
    for (int i = 0; i < more.length; i += 2) {
      headers.put(more[i], more[i + 1]);
    }
    return headers;
  }

  /** A request to the function that serves the route. */
  Answer ask(Route route, String token, String path, String body, String... headers) {
    return switch (route.server()) {
      case API -> call(token, route.method(), path, body, headers);
      case TRIGGER -> send(trigger, token, route.method(), path, body, headers);
      case RESUME -> send(resume, token, route.method(), path, body, headers);
    };
  }

  /** The same to a function that takes its event as a stream. */
  Answer post(boolean hook, String token, String path, String body, String... headers) {
    return send(hook ? trigger : resume, token, "POST", path, body, headers);
  }

  private static Answer send(
      com.amazonaws.services.lambda.runtime.RequestStreamHandler function,
      String token,
      String method,
      String path,
      String body,
      String... headers) {
    Map<String, String> all = headers(token, body, headers);
    return send(function, method, path, all, body, false);
  }

  /** A request to a webhook with a body of any bytes, as a gateway hands on what is no text. */
  Answer hook(String path, byte[] body, Map<String, String> headers) {
    return send(trigger, "POST", path, headers, Base64.getEncoder().encodeToString(body), true);
  }

  private static Answer send(
      com.amazonaws.services.lambda.runtime.RequestStreamHandler function,
      String method,
      String path,
      Map<String, String> headers,
      String body,
      boolean base64) {
    String[] parts = path.split("\\?", 2);
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("rawPath", parts[0]);
    event.put("rawQueryString", parts.length == 1 ? "" : parts[1]);
    event.put("headers", headers);
    event.put("body", body);
    event.put("isBase64Encoded", base64);
    event.put(
        "requestContext",
        Map.of("requestId", "r1", "http", Map.of("method", method, "path", parts[0])));
    Map<String, Object> answer = stream(function, event);
    Map<String, String> answered = new LinkedHashMap<>();
    Template.map(answer.get("headers"))
        .forEach((name, value) -> answered.put(name, (String) value));
    return documented(
        Request.of(event),
        new Answer(
            ((Long) answer.get("statusCode")).intValue(), answered, (String) answer.get("body")));
  }

  static Map<String, Object> stream(
      com.amazonaws.services.lambda.runtime.RequestStreamHandler function, Object event) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      function.handleRequest(
          new ByteArrayInputStream(Json.write(event).getBytes(StandardCharsets.UTF_8)),
          out,
          CALLED);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Template.map(Json.read(out.toByteArray()));
  }

  // -- messages

  /** Hands the messages of all queues to their functions until none is left. */
  void settle() {
    while (pump("STEP", steps) + pump("SLOW", steps) + pumpResume() > 0) {
      // Every message may make others.
    }
  }

  /** Hands hints to the step runner, as the queue would. */
  void hand(List<Outgoing> hints) {
    if (hints.isEmpty()) {
      return;
    }
    SQSEvent event = new SQSEvent();
    event.setRecords(
        hints.stream()
            .map(
                outgoing -> {
                  SQSEvent.SQSMessage message = new SQSEvent.SQSMessage();
                  message.setMessageId(UUID.randomUUID().toString());
                  message.setBody(outgoing.hint().json());
                  message.setAttributes(Map.of());
                  message.setEventSourceArn("arn:aws:sqs:eu-central-1:000000000000:step");
                  return message;
                })
            .toList());
    steps.handleRequest(event, CALLED);
  }

  int pump(String queue, RequestHandler<SQSEvent, SQSBatchResponse> function) {
    List<Message> received = receive(queue);
    if (!received.isEmpty()) {
      SQSEvent event = new SQSEvent();
      event.setRecords(received.stream().map(message -> record(queue, message)).toList());
      delete(queue, received, failures(function.handleRequest(event, CALLED)));
    }
    return received.size();
  }

  private int pumpResume() {
    List<Message> received = receive("RESUME");
    if (!received.isEmpty()) {
      List<Map<String, Object>> records = received.stream().map(m -> data(m)).toList();
      stream(resume, Map.of("Records", records));
      delete("RESUME", received, List.of());
    }
    return received.size();
  }

  private static Map<String, Object> data(Message message) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    message
        .messageAttributes()
        .forEach(
            (name, value) ->
                attributes.put(
                    name,
                    Map.of("dataType", value.dataType(), "stringValue", value.stringValue())));
    return Map.of(
        "messageId",
        message.messageId(),
        "body",
        message.body(),
        "eventSourceARN",
        "arn:aws:sqs:eu-central-1:000000000000:RESUME",
        "messageAttributes",
        attributes);
  }

  static List<String> failures(SQSBatchResponse response) {
    return response.getBatchItemFailures().stream()
        .map(SQSBatchResponse.BatchItemFailure::getItemIdentifier)
        .toList();
  }

  List<Message> receive(String queue) {
    return sqs.receiveMessage(
            request ->
                request
                    .queueUrl(environment.get(queue + "_QUEUE_URL"))
                    .maxNumberOfMessages(10)
                    .messageAttributeNames("All")
                    .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
        .messages();
  }

  /** Loses the messages that are in a queue now. */
  void forget(String queue) {
    delete(queue, receive(queue), List.of());
  }

  private void delete(String queue, List<Message> received, List<String> failed) {
    for (Message message : received) {
      if (!failed.contains(message.messageId())) {
        sqs.deleteMessage(
            request ->
                request
                    .queueUrl(environment.get(queue + "_QUEUE_URL"))
                    .receiptHandle(message.receiptHandle()));
      }
    }
  }

  SQSEvent.SQSMessage record(String queue, Message message) {
    String url = environment.get(queue + "_QUEUE_URL");
    SQSEvent.SQSMessage record = new SQSEvent.SQSMessage();
    record.setMessageId(message.messageId());
    record.setReceiptHandle(message.receiptHandle());
    record.setBody(message.body());
    record.setAttributes(message.attributesAsStrings());
    Map<String, SQSEvent.MessageAttribute> attributes = new LinkedHashMap<>();
    message
        .messageAttributes()
        .forEach(
            (name, value) -> {
              SQSEvent.MessageAttribute attribute = new SQSEvent.MessageAttribute();
              attribute.setDataType(value.dataType());
              attribute.setStringValue(value.stringValue());
              attributes.put(name, attribute);
            });
    record.setMessageAttributes(attributes);
    record.setEventSourceArn(
        "arn:aws:sqs:eu-central-1:000000000000:" + url.substring(url.lastIndexOf('/') + 1));
    return record;
  }

  /** Publishes a flow that must be right, and says its name. */
  String publish(String yaml) {
    Answer answer = call(admin(), "POST", "/flows", yaml, "content-type", "application/yaml");
    if (answer.status() != 201) {
      throw new AssertionError(answer.status() + " " + answer.body());
    }
    return (String) answer.json().get("flow");
  }

  /** Starts a flow and says the id of the execution. */
  String execute(String flow, String body) {
    Answer answer = call(admin(), "POST", "/flows/" + flow + "/execute", body);
    if (answer.status() != 202) {
      throw new AssertionError(answer.status() + " " + answer.body());
    }
    return (String) answer.json().get("id");
  }

  long count(String table) {
    try (var connection = database.owner().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select count(*) from " + table)) {
      rows.next();
      return rows.getLong(1);
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    List<AutoCloseable> parts =
        new ArrayList<>(
            List.of(
                api,
                trigger,
                steps,
                resume,
                sqs,
                issuer,
                () -> FoldsBack.check(database.owner(), spoilt),
                database));
    for (AutoCloseable part : parts) {
      try {
        part.close();
      } catch (Exception e) {
        throw new IllegalStateException(part + " does not close", e);
      }
    }
    server.stopAndWait();
    List.of("aws.accessKeyId", "aws.secretAccessKey", "aws.region").forEach(System::clearProperty);
  }
}
