package io.orchestrator.adapter.http;

import io.orchestrator.adapter.AdapterType;
import io.orchestrator.adapter.Invocation;
import io.orchestrator.adapter.Reply;
import io.orchestrator.execution.Failure;
import java.util.LinkedHashMap;
import java.util.Map;

/** Adapters of type {@code http}: a request as the definition says, its response as data. */
public final class HttpType implements AdapterType {
  private final Egress egress;

  public HttpType(Egress egress) {
    this.egress = egress;
  }

  @Override
  public Reply call(Invocation invocation) {
    Exchange.Request request;
    try {
      request = RequestWriter.write(invocation);
    } catch (RequestWriter.Unwritable unwritable) {
      return failed("validation", unwritable.getMessage(), false);
    }
    return send(request, invocation);
  }

  /** Sends a request of another type's own, and takes its answer as that of any call. */
  public Reply send(Exchange.Request request, Invocation invocation) {
    return switch (egress.send(request)) {
      case Exchange.Response response -> answered(response, invocation);
      case Exchange.Broken broken -> failed(broken, invocation.action().idempotent());
    };
  }

  static Reply answered(Exchange.Response response, Invocation invocation) {
    boolean success = response.status() >= 200 && response.status() < 300;
    Map<String, Object> headers = new LinkedHashMap<>(response.headers());
    try {
      return new Reply.Answered(response.status(), headers, ResponseBody.read(response));
    } catch (ResponseBody.Unreadable unreadable) {
      if (!success) {
        return new Reply.Answered(response.status(), headers, null);
      }
      String message = invocation.definition().adapter() + " answered " + unreadable.getMessage();
      return new Reply.Failed(
          new Failure("adapter_error", message, response.status(), false, "", null, null));
    }
  }

  static Reply failed(Exchange.Broken broken, boolean idempotent) {
    return switch (broken.cause()) {
      case FORBIDDEN -> failed("forbidden", broken.message(), false);
      case TIMEOUT -> failed("timeout", broken.message(), idempotent);
      case UNREACHABLE -> failed("adapter_unavailable", broken.message(), true);
      case UNTRUSTED, MALFORMED -> failed("adapter_error", broken.message(), false);
      case TOO_LARGE -> failed("payload_too_large", broken.message(), false);
      case INTERRUPTED -> failed("interrupted", broken.message(), true);
    };
  }

  private static Reply failed(String type, String message, boolean retryable) {
    return new Reply.Failed(new Failure(type, message, 0, retryable, "", null, null));
  }
}
