package io.orchestrator.local;

import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the functions see locally in place of what the template gives them on AWS. */
record LocalEnvironment(
    Home home, StackOptions.Servers servers, Gateway gateway, Map<String, String> overrides) {
  private static final String CALLBACK_SECRET = "callback";
  private static final int SECRET_BYTES = 32;

  /** The template's own variables, then ours, then those that the caller insists on. */
  Map<String, String> of(FunctionSpec function) {
    Map<String, String> all = new LinkedHashMap<>(function.environment());
    all.put("DATABASE_URL", servers.jdbcUrl());
    all.put("DATABASE_READER_URL", "");
    all.put("DATABASE_USER", "orchestrator_engine");
    all.put("DATABASE_SECRET", "");
    all.put("OWNER_DATABASE_USER", servers.owner());
    all.put("OWNER_DATABASE_SECRET", "");
    all.put("API_DATABASE_USER", "orchestrator_api");
    all.put("API_DATABASE_SECRET", "");
    all.put("REDIS_URL", servers.redisUrl());
    all.put("CALLBACK_SECRET", CALLBACK_SECRET);
    all.put("SECRETS_DIR", home.secrets().toString());
    all.put("ARCHIVE_BUCKET", "");
    all.put("ARCHIVE_DIR", home.archive().toString());
    all.put("PUBLIC_URL", gateway.url());
    all.put("JWT_ISSUER", Issuer.NAME);
    all.put("JWT_AUDIENCE", Issuer.AUDIENCE);
    all.put("JWKS_URL", gateway.url() + "/.well-known/jwks.json");
    all.put("SANDBOX", "true");
    all.put("ENVIRONMENT", "local");
    all.put("ORCHESTRATOR_LOG", "");
    all.put("EGRESS_ALLOW", "127.0.0.0/8,::1/128");
    all.put("AWS_REGION", Surroundings.REGION);
    all.put("AWS_ACCESS_KEY_ID", LocalQueues.ACCESS_KEY);
    all.put("AWS_SECRET_ACCESS_KEY", LocalQueues.ACCESS_KEY);
    all.put("AWS_ENDPOINT_URL_SQS", servers.sqs().toString());
    all.putAll(overrides);
    return all;
  }

  /** Makes the key that signs callback tokens, once. */
  void prepareSecrets() {
    var file = home.secrets().resolve(CALLBACK_SECRET);
    if (!Files.exists(file)) {
      byte[] key = new byte[SECRET_BYTES];
      new SecureRandom().nextBytes(key);
      Home.writePrivately(file, Base64.getUrlEncoder().withoutPadding().encodeToString(key));
    }
  }
}
