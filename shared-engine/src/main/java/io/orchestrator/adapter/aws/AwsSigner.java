package io.orchestrator.adapter.aws;

import io.orchestrator.adapter.Auth;
import io.orchestrator.adapter.Invocation;
import io.orchestrator.adapter.http.Exchange;
import io.orchestrator.expression.Secret;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * Signs requests to AWS (Signature Version 4) with the keys of the definition, or without them as
 * the role of the function itself. The signer is the SDK's; the request goes out by the egress
 * client like any other. Any number of threads.
 */
public final class AwsSigner {
  private final Supplier<AwsCredentialsProvider> role;
  private final String region;

  /**
   * @param role of this function, looked for when it is first needed; null where it has none to
   *     lend
   * @param region where nobody names one; empty for none
   */
  public AwsSigner(Supplier<AwsCredentialsProvider> role, String region) {
    this.role = role;
    this.region = region;
  }

  /** A request that cannot be signed; its message is for the adapter's author. */
  public static final class Unsigned extends Exception {
    private static final long serialVersionUID = 1L;

    Unsigned(String message) {
      super(message, null, false, false);
    }
  }

  /** The region of a definition. */
  public String region(Invocation invocation) throws Unsigned {
    String written = invocation.setting("region");
    String wanted = written.isEmpty() ? region : written;
    if (!wanted.matches("[a-z0-9-]{1,40}")) {
      throw new Unsigned(
          invocation.definition().adapter() + " has no region: write settings: {region: ...}");
    }
    return wanted;
  }

  /** Where a service of that region is. */
  public static String endpoint(String service, String region) {
    return "https://"
        + service
        + "."
        + region
        + (region.startsWith("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com");
  }

  /** The same request with its signature. */
  public Exchange.Request sign(
      Exchange.Request request, String service, String inRegion, Invocation invocation)
      throws Unsigned {
    SdkHttpRequest.Builder unsigned =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.fromValue(request.method()))
            .uri(request.uri());
    request
        .headers()
        .forEach(
            (name, value) -> {
              if (isSigned(name)) {
                unsigned.putHeader(name, value);
              }
            });
    byte[] body = request.body() == null ? new byte[0] : request.body();
    AwsCredentialsIdentity identity = identity(invocation);
    Instant now = invocation.now();
    SignedRequest signed =
        AwsV4HttpSigner.create()
            .sign(
                asked ->
                    asked
                        .identity(identity)
                        .request(unsigned.build())
                        .payload(ContentStreamProvider.fromByteArray(body))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, inRegion)
                        .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(now, ZoneOffset.UTC)));
    Map<String, String> headers = new LinkedHashMap<>();
    request
        .headers()
        .forEach(
            (name, value) -> {
              if (!isSigned(name)) {
                headers.put(name, value);
              }
            });
    signed
        .request()
        .headers()
        .forEach(
            (name, values) -> {
              // The client writes this one itself, from the same address.
              if (!name.equalsIgnoreCase("host")) {
                headers.put(name, String.join(",", values));
              }
            });
    return new Exchange.Request(
        request.method(),
        request.uri(),
        headers,
        request.body(),
        request.timeout(),
        request.allow());
  }

  /** The rest, such as a trace's, may be changed on the way without harm. */
  private static boolean isSigned(String header) {
    String lower = header.toLowerCase(Locale.ROOT);
    return lower.startsWith("x-amz-") || lower.equals("content-type");
  }

  private AwsCredentialsIdentity identity(Invocation invocation) throws Unsigned {
    if (invocation.definition().auth() instanceof Auth.Aws keys) {
      String id = reveal(keys.accessKeyId(), invocation);
      String key = reveal(keys.secretAccessKey(), invocation);
      return keys.sessionToken() == null
          ? AwsBasicCredentials.create(id, key)
          : AwsSessionCredentials.create(id, key, reveal(keys.sessionToken(), invocation));
    }
    if (role == null) {
      throw new Unsigned(
          invocation.definition().adapter()
              + " needs auth: {aws: {access_key_id: {secret: ...}, secret_access_key: {secret:"
              + " ...}}}");
    }
    try {
      return role.get().resolveCredentials();
    } catch (SdkException none) {
      throw new Unsigned("the function has no credentials of AWS to sign with");
    }
  }

  private static String reveal(Secret secret, Invocation invocation) {
    return String.valueOf(invocation.vault().reveal(secret)).strip();
  }
}
