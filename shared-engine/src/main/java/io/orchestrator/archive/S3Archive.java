package io.orchestrator.archive;

import io.orchestrator.aws.AwsClients;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;

/**
 * An archive in a bucket of S3 with Object Lock: for seven years nobody can delete or change an
 * object, whatever rights they have (compliance mode). Opens its client at first use, and again
 * after {@link #close()}.
 */
public final class S3Archive implements Archive {
  /** Seven years, whatever the leap years. */
  static final Duration LOCKED = Duration.ofDays(7 * 366);

  private static final Duration CALL_MAX = Duration.ofSeconds(10);

  private final String bucket;
  private final URI endpoint;
  private final InstantSource clock;
  private S3Client client;

  /**
   * @param endpoint of an emulator, or null for what region and environment say
   */
  public S3Archive(String bucket, URI endpoint, InstantSource clock) {
    this.bucket = bucket;
    this.endpoint = endpoint;
    this.clock = clock;
  }

  @Override
  public void put(String name, byte[] content) {
    try {
      client()
          .putObject(
              request ->
                  request
                      .bucket(bucket)
                      .key(name)
                      .contentType("application/x-ndjson")
                      .contentEncoding("gzip")
                      .checksumSHA256(sha256(content))
                      .objectLockMode(ObjectLockMode.COMPLIANCE)
                      .objectLockRetainUntilDate(clock.instant().plus(LOCKED)),
              RequestBody.fromBytes(content));
    } catch (SdkException problem) {
      throw new ArchiveException(
          "writing " + name + " into the bucket " + bucket + " failed: " + problem.getMessage(),
          problem);
    }
  }

  @Override
  public Optional<byte[]> get(String name) {
    try {
      return Optional.of(
          client().getObjectAsBytes(request -> request.bucket(bucket).key(name)).asByteArray());
    } catch (NoSuchKeyException missing) {
      return Optional.empty();
    } catch (SdkException problem) {
      throw new ArchiveException(
          "reading " + name + " of the bucket " + bucket + " failed: " + problem.getMessage(),
          problem);
    }
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.close();
      client = null;
    }
  }

  private synchronized S3Client client() {
    if (client == null) {
      S3ClientBuilder builder =
          S3Client.builder()
              .serviceConfiguration(
                  options ->
                      options
                          .chunkedEncodingEnabled(false)
                          .pathStyleAccessEnabled(endpoint != null));
      client = AwsClients.open(builder, endpoint, CALL_MAX);
    }
    return client;
  }

  private static String sha256(byte[] content) {
    try {
      return Base64.getEncoder()
          .encodeToString(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
