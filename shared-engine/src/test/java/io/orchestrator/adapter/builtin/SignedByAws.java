package io.orchestrator.adapter.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.adapter.ContractServer.Asked;
import io.orchestrator.adapter.Percent;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Checks a signature as AWS does (Signature Version 4,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html),
 * without the signer of the SDK.
 */
final class SignedByAws {
  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          "AWS4-HMAC-SHA256 Credential=([^/]+)/([0-9]{8}/[^/]+/[^/]+/aws4_request), ?"
              + "SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})");

  private SignedByAws() {}

  /** Fails unless the request was signed with that key for that day, region and service. */
  static void check(Asked asked, String keyId, String key, String scope)
      throws GeneralSecurityException {
    Matcher written = AUTHORIZATION.matcher(asked.headers().get("authorization"));
    assertThat(written.matches()).as(asked.headers().get("authorization")).isTrue();
    assertThat(written.group(1)).isEqualTo(keyId);
    assertThat(written.group(2)).isEqualTo(scope + "/aws4_request");
    List<String> signed = Arrays.asList(written.group(3).split(";", -1));
    assertThat(signed).contains("host", "x-amz-date").isSorted();
    String toSign =
        "AWS4-HMAC-SHA256\n"
            + asked.headers().get("x-amz-date")
            + "\n"
            + scope
            + "/aws4_request\n"
            + hex(sha256(canonical(asked, signed).getBytes(StandardCharsets.UTF_8)));
    byte[] secret = ("AWS4" + key).getBytes(StandardCharsets.UTF_8);
    for (String part : (scope + "/aws4_request").split("/", -1)) {
      secret = mac(secret, part);
    }
    assertThat(written.group(4)).isEqualTo(hex(mac(secret, toSign)));
  }

  private static String canonical(Asked asked, List<String> signed)
      throws GeneralSecurityException {
    StringBuilder canonical = new StringBuilder(asked.method()).append('\n');
    List<String> segments = new ArrayList<>();
    // The path as it was sent is encoded once more.
    for (String segment : asked.path().split("/", -1)) {
      segments.add(Percent.encode(segment));
    }
    canonical.append(String.join("/", segments)).append('\n');
    canonical.append(asked.query() == null ? "" : asked.query()).append('\n');
    for (String name : signed) {
      canonical.append(name).append(':').append(asked.headers().get(name).strip()).append('\n');
    }
    return canonical
        .append('\n')
        .append(String.join(";", signed))
        .append('\n')
        .append(hex(sha256(asked.body().getBytes(StandardCharsets.UTF_8))))
        .toString();
  }

  private static byte[] sha256(byte[] bytes) throws GeneralSecurityException {
    return MessageDigest.getInstance("SHA-256").digest(bytes);
  }

  private static byte[] mac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
