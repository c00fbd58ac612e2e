package io.orchestrator.adapter.http;

import io.orchestrator.adapter.Limits;
import io.orchestrator.adapter.http.Exchange.Cause;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.TruncatedChunkException;

/** Tells the ways apart in which a request breaks. */
final class Failures {
  private Failures() {}

  /** A response that does not end. */
  static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1L;

    TooLarge() {
      super("the response is over " + Limits.RESPONSE_BYTES_MAX + " bytes");
    }
  }

  static Exchange.Broken broken(IOException broken, boolean expired, Exchange.Request request) {
    Cause cause = expired ? Cause.TIMEOUT : cause(broken);
    return new Exchange.Broken(cause, message(cause, request));
  }

  private static Cause cause(IOException broken) {
    if (Thread.currentThread().isInterrupted()) {
      return Cause.INTERRUPTED;
    }
    return switch (broken) {
      case TooLarge _ -> Cause.TOO_LARGE;
      case SocketTimeoutException _ -> Cause.TIMEOUT;
      case InterruptedIOException _ -> Cause.TIMEOUT;
      case SSLPeerUnverifiedException _ -> Cause.UNTRUSTED;
      case SSLException tls ->
          has(tls, CertificateException.class) ? Cause.UNTRUSTED : Cause.UNREACHABLE;
      case TruncatedChunkException _ -> Cause.UNREACHABLE;
      case MalformedChunkCodingException _ -> Cause.MALFORMED;
      case MessageConstraintException _ -> Cause.MALFORMED;
      default -> has(broken, ProtocolException.class) ? Cause.MALFORMED : Cause.UNREACHABLE;
    };
  }

  private static boolean has(Throwable thrown, Class<? extends Throwable> type) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }

  /** Our own words: those of a library may hold addresses or what was sent. */
  private static String message(Cause cause, Exchange.Request request) {
    String host = request.uri().getHost();
    return switch (cause) {
      case FORBIDDEN -> "adapters may not reach " + host;
      case TIMEOUT -> host + " gave no whole answer within " + request.timeout().toMillis() + " ms";
      case UNREACHABLE -> host + " could not be reached, or cut the connection";
      case UNTRUSTED -> "the certificate of " + host + " is not to be trusted";
      case TOO_LARGE -> host + " answered more than " + Limits.RESPONSE_BYTES_MAX + " bytes";
      case MALFORMED -> host + " answered what is not HTTP within our limits";
      case INTERRUPTED -> "the call of " + host + " was interrupted";
    };
  }
}
