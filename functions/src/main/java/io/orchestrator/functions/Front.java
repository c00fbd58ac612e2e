package io.orchestrator.functions;

import io.orchestrator.access.Access;
import io.orchestrator.access.Caller;
import io.orchestrator.access.Permission.Action;
import io.orchestrator.access.Tokens;
import io.orchestrator.engine.UntrustedState;
import io.orchestrator.store.StoreException;
import io.orchestrator.telemetry.Spans;
import io.orchestrator.telemetry.Trace;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands before every route: authentication, permission, size, parsing, in this order; and
 * what answers when one fails.
 */
final class Front {
  private static final Logger LOG = LoggerFactory.getLogger(Front.class);

  private final Tokens tokens;
  private final String iamUrl;
  private final Denials denials;
  private final Spans spans;

  Front(Tokens tokens, String iamUrl, Denials denials, Spans spans) {
    this.tokens = tokens;
    this.iamUrl = iamUrl;
    this.denials = denials;
    this.spans = spans;
  }

  /** Answers a request; never throws. */
  Reply answer(Route.Server server, Request asked, Function<Visit, Reply> served) {
    long begun = System.nanoTime();
    String given = asked.trace();
    Request request = asked.in(given == null ? Trace.fresh() : given);
    Reply reply =
        spans.wanted()
            ? new RequestSpan(spans, server, request, given)
                .around(within -> guarded(server, within, served))
            : guarded(server, request, served);
    LOG.atInfo()
        .addKeyValue("event", "request")
        .addKeyValue("request_id", request.id())
        .addKeyValue("method", request.method())
        .addKeyValue("status", reply.status())
        .addKeyValue("duration_ms", (System.nanoTime() - begun) / 1_000_000)
        .log("request served");
    return finished(request, reply).with("traceparent", request.header("traceparent"));
  }

  /** With a link to what follows, and without a body that the client has already. */
  private static Reply finished(Request request, Reply reply) {
    if (reply.status() == 200
        && request.method().equals("GET")
        && Preconditions.hasAlready(request, reply)) {
      return Preconditions.notModified(reply);
    }
    return reply.next() == null ? reply : reply.with("link", Page.link(request, reply.next()));
  }

  private Reply guarded(Route.Server server, Request request, Function<Visit, Reply> served) {
    try {
      return served(admit(server, request), served);
    } catch (Refusal refusal) {
      return refusal.reply();
    } catch (StoreException away) {
      LOG.warn("The database did not do what request {} needs", request.id(), away);
      return Refusal.unavailable().reply();
    } catch (UntrustedState quarantined) {
      LOG.warn("Request {} is about an execution out of service", request.id(), quarantined);
      return new Refusal(
              503, "quarantined", "The execution is quarantined until an operator has decided")
          .header("retry-after", "300")
          .reply();
    } catch (RuntimeException bug) {
      LOG.error("Request {} broke", request.id(), bug);
      return new Refusal(
              500, "internal", "Something went wrong here; it is in the logs under " + request.id())
          .reply();
    }
  }

  /** What changes meanwhile is told to the audit trail as this caller's doing. */
  private Reply served(Visit visit, Function<Visit, Reply> served) {
    if (visit.caller() == null) {
      return served.apply(visit);
    }
    try {
      return visit.isReading()
          ? served.apply(visit)
          : visit.acting().during(() -> served.apply(visit));
    } catch (Refusal refusal) {
      if (refusal.status() == 403) {
        denials.known(visit.caller(), visit.route(), visit.path(), refusal.permission());
      }
      throw refusal;
    }
  }

  private Visit admit(Route.Server server, Request request) {
    return switch (Route.find(server, request.method(), request.path())) {
      case Route.Match.Nothing ignored -> throw Refusal.notFound("There is nothing here");
      case Route.Match.OtherMethod other -> {
        String allowed = String.join(", ", other.allowed());
        throw new Refusal(405, "method_not_allowed", "Only " + allowed + " can be used here")
            .header("allow", allowed);
      }
      case Route.Match.Found found -> {
        Route route = found.route();
        Caller caller =
            switch (route.guard()) {
              case PERMISSION -> permitted(request, found);
              case TOKEN -> authenticated(request);
              case OTHERWISE, NOTHING -> null;
            };
        Body.checkSize(request);
        yield new Visit(
            route, request, caller, found.path(), Query.read(request.query(), route.parameters()));
      }
    };
  }

  private Caller permitted(Request request, Route.Match.Found found) {
    Caller caller = authenticated(request);
    Action action = found.route().permission();
    String flow = found.path().get("flow");
    boolean may =
        switch (action) {
          case ADMIN -> caller.may(action);
          case READ, CREATE, UPDATE, DELETE, EXECUTE ->
              flow == null ? caller.mayForSome(action) : caller.may(action, flow);
        };
    if (!may) {
      denials.known(caller, found.route(), found.path(), action.text());
      throw Refusal.forbidden(action.text());
    }
    return caller;
  }

  /** Tells of a caller whom a resource does not let through. */
  void denied(Visit visit, Caller caller, String permission) {
    denials.known(caller, visit.route(), visit.path(), permission);
  }

  /** 401 for a request whose signature is missing, wrong or too old: which of them, nobody says. */
  Refusal unverified(Visit visit) {
    denials.unverified(visit.route(), visit.path());
    return new Refusal(401, "unauthorized", "The request does not show that it is its sender's")
        .header("www-authenticate", "Signature realm=\"orchestrator\"")
        .member("iam_url", iamUrl);
  }

  /** The caller, or 401 (RFC 6750, 3). */
  Caller authenticated(Request request) {
    String header = request.header("authorization");
    return switch (tokens.ofHeader(header)) {
      case Access.Granted granted -> granted.caller();
      case Access.Unknown unknown ->
          throw new Refusal(503, "unavailable", unknown.why()).header("retry-after", "5");
      case Access.Denied denied -> {
        denials.unknown();
        String challenge = "Bearer realm=\"orchestrator\"";
        String why =
            header.isEmpty()
                ? ""
                : ", error=\"invalid_token\", error_description=\""
                    + denied.why().replace('"', '\'')
                    + "\"";
        throw new Refusal(401, "unauthorized", denied.why())
            .header("www-authenticate", challenge + why)
            .member("iam_url", iamUrl);
      }
    };
  }
}
