package io.orchestrator.functions;

import io.orchestrator.access.Caller;
import io.orchestrator.access.Permission.Action;
import io.orchestrator.adapter.InputSchema;
import io.orchestrator.engine.CallbackOutcome;
import io.orchestrator.engine.Callbacks;
import io.orchestrator.engine.Engine;
import io.orchestrator.expression.Nearest;
import io.orchestrator.flow.Problem;
import io.orchestrator.store.Acting;
import io.orchestrator.store.Events;
import io.orchestrator.store.ExecutionStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * {@code /approvals/{id}}: shows what is to be decided, and takes decisions. Who has a link needs
 * no token; a link shows as often as it is opened (mail scanners follow links) and decides once.
 */
final class ApprovalResource {
  private static final String REJECT = "reject";
  private static final int LINK_CHARS_MAX = 100;

  private final Front front;
  private final Engine engine;
  private final ExecutionStore store;

  ApprovalResource(Front front, Engine engine, ExecutionStore store) {
    this.front = front;
    this.engine = engine;
    this.store = store;
  }

  /**
   * Somebody who may see an approval.
   *
   * @param by under which name they decide
   * @param link hash of the link that lets them; null if it is a token
   */
  private record Guest(Events.Approval approval, ApprovalShown shown, String by, byte[] link) {}

  Reply answer(Request request) {
    return front.answer(Route.Server.RESUME, request, this::answer);
  }

  private Reply answer(Visit visit) {
    Guest guest = guest(visit);
    return visit.route() == Route.GET_APPROVAL
        ? Reply.json(200, guest.shown().data())
        : decide(visit, guest);
  }

  private Guest guest(Visit visit) {
    String link = visit.query().text("link", LINK_CHARS_MAX);
    Caller caller = link.isEmpty() ? front.authenticated(visit.request()) : null;
    Events.Approval approval = store.events().approval(id(visit)).orElseThrow(() -> none(visit));
    ApprovalShown shown = new ApprovalShown(approval);
    if (caller == null) {
      byte[] hash = Callbacks.hash(link);
      return store
          .findWait(hash)
          .filter(wait -> wait.isLink() && approval.id().equals(wait.approval()))
          .map(wait -> new Guest(approval, shown, person(wait.key()), hash))
          .orElseThrow(() -> none(visit));
    }
    if (!caller.tenant().equals(approval.tenant())) {
      throw none(visit);
    }
    boolean sees = shown.asks(caller) || caller.may(Action.READ, shown.flow());
    if (!sees) {
      throw none(visit);
    }
    if (visit.route() == Route.DECIDE_APPROVAL && !shown.asks(caller)) {
      front.denied(visit, caller, "not_asked");
      throw new Refusal(403, "not_asked", "You are not among those who are asked");
    }
    return new Guest(approval, shown, caller.subject(), null);
  }

  /** A link of {@code user:ann} speaks for ann, whatever way ann takes. */
  private static String person(String to) {
    return to.startsWith("user:") ? to.substring("user:".length()) : to;
  }

  private Reply decide(Visit visit, Guest guest) {
    Map<String, Object> body = Body.object(visit.request(), List.of("decision", "form"));
    if (!(body.get("decision") instanceof String decision)) {
      throw Refusal.invalid(
          "missing_field", "The field decision must say what is decided", options(guest));
    }
    if (!guest.shown().options().contains(decision)) {
      List<String> words = guest.shown().options().stream().map(option -> (String) option).toList();
      String near = Nearest.hint(decision, words);
      throw Refusal.invalid(
          "bad_value",
          "'" + decision + "' cannot be decided here",
          near.isEmpty() ? options(guest) : near);
    }
    Object form = body.get("form");
    check(guest.shown(), decision, form);
    Acting acting = new Acting(guest.by(), visit.route().action(), guest.approval().execution());
    CallbackOutcome outcome =
        acting.during(
            () -> engine.decide(guest.approval(), guest.by(), decision, form, guest.link()));
    return switch (outcome) {
      case ACCEPTED, SAME -> {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("status", "accepted");
        answer.put("decision", decision);
        yield Reply.json(200, answer);
      }
      case DIFFERENT ->
          throw new Refusal(409, "already_decided", "You have decided otherwise before");
      case LATE -> throw new Refusal(410, "gone", "This is decided, or nobody waits for it");
      case UNKNOWN -> throw none(visit);
    };
  }

  /** Whoever rejects need not fill in the form. */
  private static void check(ApprovalShown shown, String decision, Object form) {
    if (shown.form() == null) {
      if (form != null) {
        throw Refusal.invalid(
            List.of(new Problem("unknown_field", "/form", 0, 0, "There is no form here", "")));
      }
      return;
    }
    if (form == null && decision.equals(REJECT)) {
      return;
    }
    List<Problem> problems =
        new InputSchema(shown.form())
            .misfits(form == null ? Map.of() : form).stream()
                .map(m -> new Problem("bad_input", "/form" + m.path(), 0, 0, m.message(), ""))
                .toList();
    if (!problems.isEmpty()) {
      throw Refusal.invalid(problems);
    }
  }

  private static String options(Guest guest) {
    return String.join(
        ", ", guest.shown().options().stream().map(option -> (String) option).toList());
  }

  private static UUID id(Visit visit) {
    String text = visit.path().get("id");
    if (!text.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
      throw none(visit);
    }
    return UUID.fromString(text);
  }

  private static Refusal none(Visit visit) {
    return Refusal.notFound("There is no approval " + visit.path().get("id"));
  }
}
