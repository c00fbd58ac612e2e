package io.orchestrator.functions;

import io.orchestrator.access.Caller;
import io.orchestrator.access.Permission.Action;
import io.orchestrator.catalog.Hooks;
import io.orchestrator.flow.Verify;
import io.orchestrator.webhook.Signatures;
import io.orchestrator.webhook.Verdict;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets a request in to a webhook if it shows what the flow wants to see. */
final class HookGate {
  private static final Logger LOG = LoggerFactory.getLogger(HookGate.class);

  private final Front front;
  private final Signatures signatures;

  HookGate(Front front, Signatures signatures) {
    this.front = front;
    this.signatures = signatures;
  }

  void admit(Visit visit, Hooks.Found found) {
    Verify verify = found.trigger().verify();
    switch (verify) {
      case Verify.Open _ -> {}
      case Verify.Token _ -> token(visit, found);
      case Verify.Hmac _,
          Verify.StandardWebhooks _,
          Verify.GitHub _,
          Verify.Stripe _,
          Verify.Slack _,
          Verify.Retell _,
          Verify.GoHighLevel _ ->
          signature(visit, found, verify);
    }
  }

  /** The sender needs a token of the same tenant that may execute the flow. */
  private void token(Visit visit, Hooks.Found found) {
    Caller caller = front.authenticated(visit.request());
    if (!caller.tenant().equals(visit.path().get("tenant"))) {
      throw HookResource.none(visit.path().get("path"));
    }
    if (!caller.may(Action.EXECUTE, found.flow())) {
      String permission = Action.EXECUTE.text() + ":" + found.flow();
      front.denied(visit, caller, permission);
      throw Refusal.forbidden(permission);
    }
  }

  private void signature(Visit visit, Hooks.Found found, Verify verify) {
    String tenant = visit.path().get("tenant");
    Request request = visit.request();
    switch (signatures.check(tenant, verify, request.headers(), request.body())) {
      case Verdict.Genuine _ -> {}
      case Verdict.Forged forged -> {
        LOG.atWarn()
            .addKeyValue("event", "webhook_refused")
            .addKeyValue("tenant", tenant)
            .addKeyValue("flow", found.flow())
            .addKeyValue("path", found.trigger().path())
            .addKeyValue("request_id", request.id())
            .log("A request to a webhook is refused: {}", forged.why());
        throw front.unverified(visit);
      }
      case Verdict.Unready unready -> {
        LOG.error(
            "The webhook {} of {} cannot verify a request: {}",
            found.trigger().path(),
            tenant,
            unready.why());
        throw new Refusal(503, "unavailable", "The request cannot be verified now; try again")
            .header("retry-after", "60");
      }
    }
  }
}
