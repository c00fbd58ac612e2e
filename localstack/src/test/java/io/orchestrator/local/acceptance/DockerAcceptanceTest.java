package io.orchestrator.local.acceptance;

import io.orchestrator.local.StackOptions;
import io.orchestrator.local.StackOptions.Servers;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * The acceptance tests on LocalStack, PostgreSQL and Redis in Docker, of the versions that
 * compose.yaml names.
 */
@Tag("docker")
class DockerAcceptanceTest extends Acceptance {
  private static final int SQS_PORT = 4566;
  private static final int POSTGRES_PORT = 5432;
  private static final int REDIS_PORT = 6379;

  private GenericContainer<?> localstack;
  private GenericContainer<?> postgres;
  private GenericContainer<?> redis;

  @Override
  Target start(Path folder) {
    Assumptions.assumeTrue(
        DockerClientFactory.instance().isDockerAvailable(),
        "Left out: there is no Docker here to run LocalStack, PostgreSQL and Redis.");
    localstack =
        started(
            container("localstack/localstack:4.14.0", SQS_PORT)
                .withEnv("SERVICES", "sqs")
                .withEnv("DEFAULT_REGION", "eu-central-1")
                .waitingFor(Wait.forHttp("/_localstack/health").forPort(SQS_PORT)));
    postgres =
        started(
            container("postgres:18", POSTGRES_PORT)
                .withEnv("POSTGRES_DB", "orchestrator")
                .withEnv("POSTGRES_USER", "orchestrator_owner")
                .withEnv("POSTGRES_HOST_AUTH_METHOD", "trust")
                .waitingFor(Wait.forLogMessage(".*ready to accept connections.*\\s", 2)));
    redis = started(container("redis:7", REDIS_PORT).waitingFor(Wait.forListeningPort()));
    Servers servers =
        new Servers(
            "jdbc:postgresql://" + at(postgres, POSTGRES_PORT) + "/orchestrator",
            "orchestrator_owner",
            "redis://" + at(redis, REDIS_PORT),
            URI.create("http://" + at(localstack, SQS_PORT)));
    return new EmbeddedTarget(StackOptions.of(Project.template(), folder).onPort(0).on(servers));
  }

  private static GenericContainer<?> container(String image, int port) {
    return new GenericContainer<>(DockerImageName.parse(image)).withExposedPorts(port);
  }

  private static GenericContainer<?> started(GenericContainer<?> container) {
    container.start();
    return container;
  }

  private static String at(GenericContainer<?> container, int port) {
    return container.getHost() + ":" + container.getMappedPort(port);
  }

  @AfterAll
  void stop_containers() {
    for (GenericContainer<?> container : new GenericContainer<?>[] {redis, postgres, localstack}) {
      if (container != null) {
        container.stop();
      }
    }
  }
}
