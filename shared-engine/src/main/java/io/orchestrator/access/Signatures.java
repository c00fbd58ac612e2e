package io.orchestrator.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.SignedJWT;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Optional;

/**
 * Checks a token's signature. The key decides the algorithm, never the token: an RSA key checks
 * RS256, a P-256 key ES256, an Ed25519 key EdDSA; every other pair is refused (RFC 8725, 3.1).
 */
public final class Signatures {
  private static final int RSA_BITS_MIN = 2048;
  private static final int ED25519_BYTES = 32;

  private Signatures() {}

  /** The one algorithm that this key may be used with, if it is a key for signatures at all. */
  public static Optional<JWSAlgorithm> algorithmOf(JWK key) {
    JWSAlgorithm algorithm =
        switch (key) {
          case RSAKey rsa when rsa.size() >= RSA_BITS_MIN -> JWSAlgorithm.RS256;
          case ECKey ec when Curve.P_256.equals(ec.getCurve()) -> JWSAlgorithm.ES256;
          case OctetKeyPair pair when Curve.Ed25519.equals(pair.getCurve()) -> JWSAlgorithm.EdDSA;
          default -> null;
        };
    boolean usable = key.getKeyUse() == null || KeyUse.SIGNATURE.equals(key.getKeyUse());
    boolean agrees = key.getAlgorithm() == null || names(key, algorithm);
    return usable && agrees ? Optional.ofNullable(algorithm) : Optional.empty();
  }

  /** Did the owner of this key sign the token, with the key's algorithm? */
  public static boolean signedBy(JWK key, SignedJWT token) {
    JWSAlgorithm algorithm = algorithmOf(key).orElse(null);
    if (algorithm == null || !algorithm.equals(token.getHeader().getAlgorithm())) {
      return false;
    }
    try {
      return switch (key) {
        case RSAKey rsa -> token.verify(new RSASSAVerifier(rsa.toRSAPublicKey()));
        case ECKey ec -> token.verify(new ECDSAVerifier(ec.toECPublicKey()));
        case OctetKeyPair pair -> signedByEd25519(pair, token);
        default -> false;
      };
    } catch (JOSEException | GeneralSecurityException e) {
      return false;
    }
  }

  private static boolean names(JWK key, JWSAlgorithm algorithm) {
    String named = key.getAlgorithm().getName();
    return algorithm != null
        && (named.equals(algorithm.getName())
            || (algorithm.equals(JWSAlgorithm.EdDSA) && named.equals("Ed25519")));
  }

  /** The JDK's own Ed25519 (RFC 8032), since the JOSE library would need Tink for it. */
  private static boolean signedByEd25519(OctetKeyPair pair, SignedJWT token)
      throws GeneralSecurityException {
    byte[] x = pair.getDecodedX();
    if (x.length != ED25519_BYTES) {
      return false;
    }
    byte[] big = new byte[ED25519_BYTES];
    for (int i = 0; i < ED25519_BYTES; i++) {
      big[i] = x[ED25519_BYTES - 1 - i];
    }
    boolean xOdd = (big[0] & 0x80) != 0;
    big[0] &= 0x7f;
    EdECPoint point = new EdECPoint(xOdd, new BigInteger(1, big));
    Signature check = Signature.getInstance("Ed25519");
    check.initVerify(
        KeyFactory.getInstance("Ed25519")
            .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point)));
    check.update(token.getParsedParts()[0].toString().getBytes(StandardCharsets.US_ASCII));
    check.update((byte) '.');
    check.update(token.getParsedParts()[1].toString().getBytes(StandardCharsets.US_ASCII));
    return check.verify(token.getSignature().decode());
  }
}
