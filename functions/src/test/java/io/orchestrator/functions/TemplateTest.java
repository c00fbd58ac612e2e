package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.orchestrator.engine.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What must hold of the deployment, beyond what the linters know. */
class TemplateTest {
  /** Functions whose messages make messages: Lambda would stop them after some sixteen rounds. */
  private static final Set<String> LOOP =
      Set.of(
          "ApiFunction",
          "TriggerFunction",
          "StepRunnerFunction",
          "SlowStepRunnerFunction",
          "ResumeFunction",
          "TickFunction",
          "SweepFunction");

  private static Template template;

  @BeforeAll
  static void read() throws IOException {
    template = Template.read();
  }

  @Test
  void the_functions_are_those_of_the_design() {
    assertThat(template.functions())
        .containsOnlyKeys(
            "ApiFunction",
            "TriggerFunction",
            "StepRunnerFunction",
            "SlowStepRunnerFunction",
            "ResumeFunction",
            "TickFunction",
            "SweepFunction",
            "MigrateFunction");
  }

  @Test
  void every_handler_is_a_class_that_lambda_can_make_and_call() {
    template
        .functions()
        .forEach(
            (id, function) -> {
              Class<?> handler = classOf((String) template.property(function, "Handler"));
              assertThat(
                      RequestHandler.class.isAssignableFrom(handler)
                          || RequestStreamHandler.class.isAssignableFrom(handler))
                  .as("%s is a handler", handler)
                  .isTrue();
              assertThat(handler.getConstructors())
                  .as("constructors of %s", handler)
                  .anyMatch(constructor -> constructor.getParameterCount() == 0)
                  .anyMatch(
                      constructor ->
                          Arrays.equals(
                              constructor.getParameterTypes(), new Class<?>[] {Map.class}));
            });
  }

  private static Class<?> classOf(String handler) {
    try {
      return Class.forName(handler);
    } catch (ClassNotFoundException e) {
      return fail("there is no class " + handler, e);
    }
  }

  @Test
  void every_function_is_the_built_jar_and_never_built_by_sam() {
    template
        .functions()
        .forEach(
            (id, function) -> {
              assertThat(template.property(function, "CodeUri"))
                  .as(id)
                  .isEqualTo("functions/target/functions.jar");
              assertThat(Template.map(function.get("Metadata")))
                  .as(id)
                  .containsEntry("SkipBuild", true);
              assertThat(template.property(function, "Runtime")).as(id).isEqualTo("java25");
            });
  }

  @Test
  void every_function_is_published_with_a_snapshot_under_an_alias() {
    template
        .functions()
        .forEach(
            (id, function) -> {
              assertThat(template.property(function, "AutoPublishAlias")).as(id).isEqualTo("live");
              assertThat(template.property(function, "SnapStart"))
                  .as(id)
                  .isEqualTo(Map.of("ApplyOn", "PublishedVersions"));
            });
  }

  @Test
  void every_function_of_the_loop_may_loop() {
    template
        .functions()
        .forEach(
            (id, function) ->
                assertThat(template.property(function, "RecursiveLoop"))
                    .as(id)
                    .isEqualTo(LOOP.contains(id) ? "Allow" : null));
  }

  @Test
  void every_function_is_given_every_variable_that_the_code_reads() {
    template
        .functions()
        .forEach(
            (id, function) ->
                assertThat(template.environment(function))
                    .as(id)
                    .containsKeys(Settings.variables().toArray(String[]::new)));
  }

  @Test
  void no_variable_is_given_that_nobody_reads() {
    Set<String> known = new TreeSet<>(Settings.variables());
    known.addAll(
        List.of(
            "LOG_LEVEL",
            "ORCHESTRATOR_LOG",
            "POWERTOOLS_SERVICE_NAME",
            "POWERTOOLS_METRICS_NAMESPACE"));
    template
        .functions()
        .forEach(
            (id, function) ->
                assertThat(known).as(id).containsAll(template.environment(function).keySet()));
  }

  @Test
  void every_function_has_a_role_of_its_own_and_a_log_that_ends() {
    Set<String> roles =
        template.functions().values().stream()
            .map(function -> Template.target(template.property(function, "Role")))
            .collect(Collectors.toSet());
    assertThat(roles)
        .hasSameSizeAs(template.functions().keySet())
        .isSubsetOf(template.resources("AWS::IAM::Role").keySet());
    template
        .functions()
        .forEach(
            (id, function) -> {
              String log =
                  Template.target(
                      Template.map(template.property(function, "LoggingConfig")).get("LogGroup"));
              Map<String, Object> group = template.resources("AWS::Logs::LogGroup").get(log);
              assertThat(Template.map(group.get("Properties")))
                  .as(log)
                  .containsKey("RetentionInDays");
            });
  }

  @Test
  void no_role_may_do_everything() {
    template
        .resources("AWS::IAM::Role")
        .forEach(
            (id, role) ->
                assertThat(role.toString())
                    .as(id)
                    .doesNotContain(
                        "Action=*",
                        "Action=[*",
                        "sqs:*",
                        "secretsmanager:*",
                        "kms:*",
                        "Resource=*"));
    template
        .resources("AWS::IAM::ManagedPolicy")
        .forEach(
            (id, policy) ->
                assertThat(policy.toString())
                    .as(id)
                    .doesNotContain("Action=*", "Action=[*", "sqs:*", "secretsmanager:*", "kms:*"));
  }

  @Test
  void every_queue_has_dead_letters_and_hides_a_message_six_times_as_long_as_its_function_runs() {
    Map<String, Map<String, Object>> queues = template.resources("AWS::SQS::Queue");
    template
        .functions()
        .forEach(
            (id, function) -> {
              for (Map<String, Object> source : Template.events(function, "SQS")) {
                String name = Template.target(source.get("Queue"));
                Map<String, Object> queue = Template.map(queues.get(name).get("Properties"));
                int timeout = (Integer) template.property(function, "Timeout");
                assertThat((Integer) queue.get("VisibilityTimeout"))
                    .as(name)
                    .isGreaterThanOrEqualTo(6 * timeout)
                    .isLessThanOrEqualTo(43_200);
              }
            });
    queues.forEach(
        (name, queue) -> {
          Map<String, Object> properties = Template.map(queue.get("Properties"));
          if (name.endsWith("DeadLetterQueue")) {
            assertThat(properties).as(name).containsEntry("MessageRetentionPeriod", 1_209_600);
          } else {
            Map<String, Object> redrive = Template.map(properties.get("RedrivePolicy"));
            assertThat(queues)
                .as(name)
                .containsKey(Template.target(redrive.get("deadLetterTargetArn")));
            assertThat((Integer) redrive.get("maxReceiveCount")).as(name).isBetween(2, 10);
          }
          assertThat(properties).as(name).containsKeys("KmsMasterKeyId", "SqsManagedSseEnabled");
        });
  }

  @Test
  void every_queue_is_worked_on_and_failures_are_told_message_by_message() {
    Set<String> worked =
        template.functions().values().stream()
            .flatMap(function -> Template.events(function, "SQS").stream())
            .peek(
                source -> {
                  assertThat(source.get("FunctionResponseTypes"))
                      .isEqualTo(List.of("ReportBatchItemFailures"));
                  assertThat(Template.map(source.get("ScalingConfig")))
                      .containsKey("MaximumConcurrency");
                  assertThat(source).containsKey("BatchSize");
                })
            .map(source -> Template.target(source.get("Queue")))
            .collect(Collectors.toSet());
    assertThat(worked)
        .containsExactlyInAnyOrder("StepQueue", "SlowStepQueue", "ResumeQueue", "SweepQueue");
  }

  @Test
  void batches_are_ten_unless_somebody_says_otherwise() {
    for (String parameter : List.of("StepBatchSize", "SlowStepBatchSize", "ResumeBatchSize")) {
      assertThat(Template.map(template.section("Parameters").get(parameter)))
          .containsEntry("Default", 10);
    }
  }

  @Test
  void no_reserved_concurrency_is_below_what_the_queue_is_allowed() {
    template
        .functions()
        .forEach(
            (id, function) -> {
              if (!Template.events(function, "SQS").isEmpty()) {
                // Throttled messages count as received, and would end among the dead letters
                // without ever having been tried.
                assertThat(template.property(function, "ReservedConcurrentExecutions"))
                    .as(id)
                    .isNull();
              }
            });
  }

  @Test
  void the_routes_of_the_template_are_those_of_the_code() {
    Map<String, Route.Server> servers =
        Map.of(
            "ApiFunction",
            Route.Server.API,
            "TriggerFunction",
            Route.Server.TRIGGER,
            "ResumeFunction",
            Route.Server.RESUME);
    template
        .functions()
        .forEach(
            (id, function) -> {
              Set<String> written =
                  Template.events(function, "HttpApi").stream()
                      .map(event -> event.get("Method") + " " + event.get("Path"))
                      .collect(Collectors.toSet());
              Set<String> coded =
                  Arrays.stream(Route.values())
                      .filter(route -> route.server() == servers.get(id))
                      .map(route -> route.method() + " " + route.template())
                      .collect(Collectors.toSet());
              assertThat(written).as(id).isEqualTo(coded);
            });
  }

  @Test
  void the_gateway_wants_a_token_wherever_the_code_does() {
    Map<String, Object> auth =
        Template.map(
            Template.map(
                    template.resources("AWS::Serverless::HttpApi").get("HttpApi").get("Properties"))
                .get("Auth"));
    assertThat(auth).containsEntry("DefaultAuthorizer", "Jwt");
    Set<String> open =
        template.functions().values().stream()
            .flatMap(function -> Template.events(function, "HttpApi").stream())
            .filter(event -> event.get("Auth") != null)
            .peek(event -> assertThat(event.get("Auth")).isEqualTo(Map.of("Authorizer", "NONE")))
            .map(event -> event.get("Method") + " " + event.get("Path"))
            .collect(Collectors.toSet());
    Set<String> withoutToken =
        Arrays.stream(Route.values())
            .filter(
                route ->
                    route.guard() == Route.Guard.NOTHING || route.guard() == Route.Guard.OTHERWISE)
            .map(route -> route.method() + " " + route.template())
            .collect(Collectors.toSet());
    assertThat(open).isEqualTo(withoutToken);
  }

  @Test
  void a_minute_is_the_schedule_of_the_ticks() {
    List<Map<String, Object>> schedules =
        Template.events(template.functions().get("TickFunction"), "Schedule");
    assertThat(schedules)
        .singleElement()
        .satisfies(schedule -> assertThat(schedule).containsEntry("Schedule", "rate(1 minute)"));
  }

  @Test
  void the_schema_is_migrated_before_any_other_function_changes() {
    assertThat(template.resources("Custom::Migration")).containsOnlyKeys("Migration");
    template
        .functions()
        .forEach(
            (id, function) ->
                assertThat(function.get("DependsOn"))
                    .as(id)
                    .isEqualTo(id.equals("MigrateFunction") ? null : "Migration"));
  }

  @Test
  void only_functions_without_a_route_name_the_api() {
    template
        .functions()
        .forEach(
            (id, function) -> {
              if (!Template.events(function, "HttpApi").isEmpty()) {
                assertThat(template.environment(function).toString())
                    .as(id)
                    .doesNotContain("HttpApi");
              }
            });
  }

  @Test
  void the_linter_has_no_complaint() throws IOException, InterruptedException {
    Path linter = onPath("cfn-lint");
    assumeThat(linter)
        .as("cfn-lint is not on the PATH, so the templates were not linted (pip install cfn-lint)")
        .isNotNull();
    Path folder = Template.folder();
    Process process =
        new ProcessBuilder(
                linter.toString(),
                "--regions",
                "eu-central-1",
                "--",
                "template.yaml",
                "functions/data-template.yaml")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  @Test
  void sam_has_no_complaint() throws IOException, InterruptedException {
    Path sam = onPath("sam");
    assumeThat(sam)
        .as("sam is not on the PATH, so the templates were not validated (pip install aws-sam-cli)")
        .isNotNull();
    for (String template : List.of("template.yaml", "functions/data-template.yaml")) {
      ProcessBuilder validation =
          new ProcessBuilder(
              sam.toString(), "validate", "--lint", "--region", "eu-central-1", "-t", template);
      validation.environment().put("SAM_CLI_TELEMETRY", "0");
      Process process =
          validation.directory(Template.folder().toFile()).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(said).isZero();
    }
  }

  private static Path onPath(String program) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(java.io.File.pathSeparator))
        .map(folder -> Path.of(folder).resolve(program))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }
}
