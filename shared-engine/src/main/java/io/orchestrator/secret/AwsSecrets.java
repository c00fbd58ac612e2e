package io.orchestrator.secret;

import io.orchestrator.aws.AwsClients;
import io.orchestrator.secret.SecretLookup.Found;
import io.orchestrator.secret.SecretLookup.Missing;
import io.orchestrator.secret.SecretLookup.Unavailable;
import java.net.URI;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/**
 * Secrets in AWS Secrets Manager: a tenant's are named {@code orchestrator/tenant/name}, the
 * system's by their plain name or ARN. Opens its client at first use, and again after {@link
 * #close()}.
 */
public final class AwsSecrets implements SecretSource {
  private static final Logger log = LoggerFactory.getLogger(AwsSecrets.class);
  private static final Duration CALL_MAX = Duration.ofSeconds(5);

  private final URI endpoint;
  private SecretsManagerClient client;

  /**
   * @param endpoint of an emulator, or null for what region and environment say
   */
  public AwsSecrets(URI endpoint) {
    this.endpoint = endpoint;
  }

  @Override
  public SecretLookup ofTenant(String tenant, String name) {
    return read("orchestrator/" + tenant + "/" + name, name);
  }

  @Override
  public SecretLookup ofSystem(String name) {
    return read(name, name);
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.close();
      client = null;
    }
  }

  private SecretLookup read(String id, String shownAs) {
    try {
      String text = client().getSecretValue(request -> request.secretId(id)).secretString();
      return text == null
          ? new Missing("The secret " + shownAs + " is not text")
          : new Found(new SecretText(text));
    } catch (ResourceNotFoundException e) {
      return new Missing("There is no secret " + shownAs);
    } catch (SdkException e) {
      log.warn("Secrets Manager did not give the secret {}", id, e);
      return new Unavailable("The secret " + shownAs + " cannot be read now");
    }
  }

  private synchronized SecretsManagerClient client() {
    if (client == null) {
      client = AwsClients.open(SecretsManagerClient.builder(), endpoint, CALL_MAX);
    }
    return client;
  }
}
