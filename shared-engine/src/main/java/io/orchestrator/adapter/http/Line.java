package io.orchestrator.adapter.http;

import io.orchestrator.adapter.Invocation;
import io.orchestrator.adapter.Reply;
import io.orchestrator.execution.Failure;
import java.net.URI;
import java.util.Map;

/**
 * The wire for types that write their own requests: the definition's headers, authentication,
 * allowance and bounds, as an http adapter's calls have them. Any number of threads.
 */
public final class Line {
  private final Egress egress;

  public Line(Egress egress) {
    this.egress = egress;
  }

  /**
   * What such a type asks.
   *
   * @param target the whole address, its path and query encoded
   * @param headers win over the definition's
   * @param body data, sent as JSON; null without
   * @param authenticated whether the definition's authentication goes with it
   */
  public record Ask(
      String method, URI target, Map<String, String> headers, Object body, boolean authenticated) {

    /** Posts data. */
    public static Ask post(String target, Object body) {
      return new Ask("POST", URI.create(target), Map.of(), body, true);
    }

    /** The same with these headers. */
    public Ask with(Map<String, String> more) {
      return new Ask(method, target, more, body, authenticated);
    }

    /** The same for somebody who must not see who is calling. */
    public Ask unauthenticated() {
      return new Ask(method, target, headers, body, false);
    }
  }

  /** A call that makes no request; its message is for the flow's author. */
  public static final class Unwritable extends Exception {
    private static final long serialVersionUID = 1L;

    Unwritable(String message) {
      super(message, null, false, false);
    }

    /** What it is to a flow. */
    public Reply reply() {
      return new Reply.Failed(Failure.fatal("validation", getMessage()));
    }
  }

  /** Writes the request, with all of the invocation's time. */
  public Exchange.Request write(Invocation invocation, Ask ask) throws Unwritable {
    try {
      return RequestWriter.write(invocation, ask);
    } catch (RequestWriter.Unwritable complaint) {
      throw new Unwritable(complaint.getMessage());
    }
  }

  /** Makes the request, once. */
  public Exchange send(Exchange.Request request) {
    return egress.send(request);
  }

  /** The same, for a response that may go on after what is wanted of it. */
  public Exchange send(Exchange.Request request, Egress.Enough enough) {
    return egress.send(request, enough);
  }

  /** What came of it, as an http adapter would tell it. */
  public static Reply reply(Exchange exchange, Invocation invocation) {
    return switch (exchange) {
      case Exchange.Response response -> HttpType.answered(response, invocation);
      case Exchange.Broken broken -> HttpType.failed(broken, invocation.action().idempotent());
    };
  }

  /** The body of a response as data; null if it is none, or cannot be read. */
  public static Object data(Exchange.Response response) {
    try {
      return ResponseBody.read(response);
    } catch (ResponseBody.Unreadable unreadable) {
      return null;
    }
  }
}
