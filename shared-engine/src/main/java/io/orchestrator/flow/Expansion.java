package io.orchestrator.flow;

import io.orchestrator.expression.Nearest;
import io.orchestrator.expression.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Follows names until a step does something itself: a call that is resolved, or a structure. */
final class Expansion {
  private final String flow;
  private final Map<String, Syntax.Body> define;
  private final Names names;
  private final Bindings bindings;
  private final Problems problems;

  Expansion(Flow flow, Names names, Bindings bindings, Problems problems) {
    this.flow = flow.name();
    this.define = flow.define();
    this.names = names;
    this.bindings = bindings;
    this.problems = problems;
  }

  /**
   * What a step does in the end.
   *
   * @param action what it calls; null if its kind is no call
   * @param flow that it runs; null if its kind runs none
   * @param with what {@code $with} is; null outside of definitions
   * @param given what it is in the definitions that use this one in turn, the outermost first
   * @param handlersWith how many of those lie between it and its error handlers
   * @param undoWith how many lie between it and what undoes it
   * @param scope where its inner names are looked up
   * @param handlers where the names in its error handlers are looked up
   */
  record Target(
      Syntax.Body body,
      Names.Meaning.Action action,
      Names.Meaning.SubFlow flow,
      List<Kind.Fallback> fallback,
      Template with,
      List<Template> given,
      int handlersWith,
      int undoWith,
      Scope scope,
      Scope handlers) {

    /** One that no definition has led to. */
    Target(
        Syntax.Body body,
        Names.Meaning.Action action,
        Names.Meaning.SubFlow flow,
        List<Kind.Fallback> fallback,
        Scope scope) {
      this(body, action, flow, fallback, null, List.of(), 0, 0, scope, scope.handlers());
    }
  }

  /**
   * Where names are looked up.
   *
   * @param library inside a library step, which cannot see the flow's definitions
   * @param via the definitions on the way here, those through whose error handlers it goes marked
   * @param inside how many of them lie around this step; the others are merged into it
   * @param handled whether one that is merged into another already has error handlers
   * @param user the step of the flow that uses the outermost library step; null outside of any
   */
  record Scope(boolean library, List<String> via, int inside, boolean handled, Spot user) {
    static final Scope FLOW = new Scope(false, List.of(), 0, false, null);
    private static final String HANDLING = "on_error of ";

    Scope into(String definition, boolean ofLibrary, boolean ownHandlers, Spot from) {
      List<String> longer = new ArrayList<>(via);
      longer.add(definition);
      Spot first = user != null || !ofLibrary ? user : from;
      return new Scope(ofLibrary, longer, inside, handled || ownHandlers, first);
    }

    /** For the blocks of a step, which lie inside all that is merged into it. */
    Scope blocks() {
      return new Scope(library, via, via.size(), false, user);
    }

    /** For the error handlers of what is merged into a step. */
    Scope handlers() {
      List<String> handling = new ArrayList<>(via.subList(0, inside));
      via.subList(inside, via.size()).forEach(one -> handling.add(HANDLING + one));
      return new Scope(library, handling, handling.size(), false, user);
    }

    /**
     * Whether a use of that definition would not end: it is used inside itself, or its handlers use
     * it without handlers of their own.
     */
    boolean repeats(String definition, boolean ownHandlers) {
      boolean handlersMatter = !handled && !ownHandlers;
      return via.contains(definition) || (handlersMatter && via.contains(HANDLING + definition));
    }
  }

  /** The target, empty with problems told. */
  Optional<Target> of(Syntax.Body body, Scope scope) {
    return switch (body.kind()) {
      case Syntax.Named named when !scope.library() && define.containsKey(named.name()) ->
          defined(body, named.name(), null, named.spot(), scope);
      case Syntax.Named named ->
          meant(
              body,
              names.bare(named.name()),
              Bindings.bare(named.name()),
              null,
              named.spot(),
              scope);
      case Syntax.Use use when !scope.library() && define.containsKey(use.name()) ->
          defined(body, use.name(), use.with(), use.spot(), scope);
      case Syntax.Use use ->
          meant(
              body,
              usable(use.name()),
              Bindings.definition(use.name()),
              use.with(),
              use.spot(),
              scope);
      case Syntax.Call call -> {
        Names.Meaning meaning = names.call(call.adapter(), call.action());
        boolean action =
            meaning instanceof Names.Meaning.Missing missing
                && missing.code() == Code.UNKNOWN_ACTION;
        Spot spot = action ? call.actionSpot() : call.spot();
        yield meant(body, meaning, Bindings.call(call.adapter(), call.action()), null, spot, scope);
      }
      case Syntax.SubFlow sub when sub.name().equals(flow) -> callsItself(sub.spot(), scope);
      case Syntax.SubFlow sub -> {
        Names.Meaning meaning = names.flow(sub.name(), sub.range());
        String key = Bindings.flow(sub.name(), sub.range());
        yield meant(body, meaning, key, null, sub.spot(), scope);
      }
      case Syntax.Broken broken -> Optional.empty();
      case Syntax.Own own -> itself(body, scope);
    };
  }

  private Optional<Target> itself(Syntax.Body body, Scope scope) {
    if (body.options().fallback() != null) {
      error(
          Code.BAD_VALUE,
          body.options().fallback().getFirst().spot(),
          scope,
          "a fallback is for a step that calls an adapter",
          "");
    }
    return Optional.of(new Target(body, null, null, List.of(), scope));
  }

  private Names.Meaning usable(String name) {
    Names.Meaning meaning = names.definition(name);
    return meaning instanceof Names.Meaning.Missing missing && missing.hint().isEmpty()
        ? new Names.Meaning.Missing(
            missing.code(), missing.message(), Nearest.hint(name, define.keySet()))
        : meaning;
  }

  private Optional<Target> meant(
      Syntax.Body body,
      Names.Meaning meaning,
      String key,
      Syntax.Data with,
      Spot spot,
      Scope scope) {
    if (!(meaning instanceof Names.Meaning.Missing)) {
      bindings.put(key, meaning);
    }
    return switch (meaning) {
      case Names.Meaning.Action action ->
          Optional.of(new Target(body, action, null, fallback(body, action, scope), scope));
      case Names.Meaning.Definition definition -> fromLibrary(body, definition, with, spot, scope);
      case Names.Meaning.SubFlow flow -> subFlow(body, flow, spot, scope);
      case Names.Meaning.Missing missing when isItself(body) -> callsItself(spot, scope);
      case Names.Meaning.Missing missing -> {
        String hint = missing.hint();
        boolean bare = hint.isEmpty() && body.kind() instanceof Syntax.Named;
        String more =
            bare ? Nearest.hint(((Syntax.Named) body.kind()).name(), define.keySet()) : hint;
        error(missing.code(), spot, scope, missing.message(), more);
        yield Optional.empty();
      }
    };
  }

  private Optional<Target> subFlow(
      Syntax.Body body, Names.Meaning.SubFlow sub, Spot spot, Scope scope) {
    if (sub.name().equals(flow)) {
      return callsItself(spot, scope);
    }
    if (!sub.calls().contains(flow)) {
      return Optional.of(new Target(body, null, sub, List.of(), scope));
    }
    String message = "the flow '" + sub.name() + "' calls '" + flow + "' in turn";
    return recursion(message, spot, scope);
  }

  /** Whether a bare name is that of this flow, whose first version this may be. */
  private boolean isItself(Syntax.Body body) {
    return body.kind() instanceof Syntax.Named named && named.name().equals(flow);
  }

  private Optional<Target> callsItself(Spot spot, Scope scope) {
    return recursion("the flow '" + flow + "' calls itself", spot, scope);
  }

  private Optional<Target> recursion(String message, Spot spot, Scope scope) {
    error(Code.RECURSION, spot, scope, message, "repeat or foreach do a thing again");
    return Optional.empty();
  }

  /** The same action of every adapter that stands in. */
  private List<Kind.Fallback> fallback(
      Syntax.Body body, Names.Meaning.Action instead, Scope scope) {
    List<Kind.Fallback> fallbacks = new ArrayList<>();
    for (Syntax.Named other :
        body.options().fallback() == null ? List.<Syntax.Named>of() : body.options().fallback()) {
      String action = body.kind() instanceof Syntax.Call call ? call.action() : "";
      Names.Meaning meaning = names.call(other.name(), action);
      switch (meaning) {
        case Names.Meaning.Action found -> {
          bindings.put(Bindings.call(other.name(), action), meaning);
          if (found.adapter().equals(instead.adapter())) {
            error(
                Code.CONTRADICTION,
                other.spot(),
                scope,
                "an adapter cannot stand in for itself",
                "name another one");
          }
          fallbacks.add(new Kind.Fallback(found.adapter(), found.action()));
        }
        case Names.Meaning.Missing missing ->
            error(missing.code(), other.spot(), scope, missing.message(), missing.hint());
        case Names.Meaning.Definition d -> throw new IllegalStateException(d.name());
        case Names.Meaning.SubFlow f -> throw new IllegalStateException(f.name());
      }
    }
    return List.copyOf(fallbacks);
  }

  private Optional<Target> fromLibrary(
      Syntax.Body body,
      Names.Meaning.Definition definition,
      Syntax.Data with,
      Spot spot,
      Scope scope) {
    Problems inner = new Problems();
    Document document = Document.of(definition.body(), spot.pointer());
    Syntax.Body read = FlowReader.definition(document, definition.name(), inner);
    for (Problem problem : inner.errors()) {
      String message = "the library step '" + definition.name() + "': " + problem.message();
      error(Code.BAD_VALUE, spot, scope, message, problem.hint());
    }
    return inner.none()
        ? entered(body, read, definition.name(), true, with, spot, scope)
        : Optional.empty();
  }

  private Optional<Target> defined(
      Syntax.Body body, String name, Syntax.Data with, Spot spot, Scope scope) {
    return entered(body, define.get(name), name, false, with, spot, scope);
  }

  private Optional<Target> entered(
      Syntax.Body user,
      Syntax.Body used,
      String name,
      boolean library,
      Syntax.Data with,
      Spot spot,
      Scope scope) {
    String step = (library ? "library " : "") + "'" + name + "'";
    if (scope.repeats(step, user.options().onError() != null)) {
      error(Code.RECURSION, spot, scope, "the definition " + step + " uses itself", "");
      return Optional.empty();
    }
    if (user.options().when() != null && used.options().when() != null) {
      error(
          Code.CONTRADICTION,
          spot,
          scope,
          "both this step and the definition '" + name + "' have a when",
          "join them");
      return Optional.empty();
    }
    Template values = with == null ? Template.compile(Map.of()) : with.template();
    return of(used, scope.into(step, library, user.options().onError() != null, spot))
        .map(inner -> using(user, inner, values, scope));
  }

  /** A step that uses what has been found. */
  private Target using(Syntax.Body user, Target inner, Template values, Scope scope) {
    List<Template> given = new ArrayList<>(inner.given());
    if (inner.with() != null) {
      given.addFirst(values);
    }
    // What the user writes stands outside of all the definitions that have led here.
    int outside = given.size() + 1;
    Syntax.Options own = Outwards.options(user.options(), outside);
    return new Target(
        merged(user.spot(), own, inner.body()),
        inner.action(),
        inner.flow(),
        own.fallback() == null || inner.action() == null
            ? inner.fallback()
            : fallback(user, inner.action(), scope),
        inner.with() == null ? values : inner.with(),
        given,
        own.onError() == null ? inner.handlersWith() : outside,
        own.compensate() == null ? inner.undoWith() : outside,
        inner.scope(),
        own.onError() == null ? inner.handlers() : scope.handlers());
  }

  /** What the user writes wins over what the definition writes. */
  private static Syntax.Body merged(Spot user, Syntax.Options a, Syntax.Body used) {
    Syntax.Options b = used.options();
    Syntax.Options both =
        new Syntax.Options(
            first(a.when(), b.when()),
            first(a.timeout(), b.timeout()),
            first(a.retry(), b.retry()),
            first(a.onError(), b.onError()),
            first(a.output(), b.output()),
            first(a.idempotencyKey(), b.idempotencyKey()),
            first(a.atMostOnce(), b.atMostOnce()),
            first(a.disabled(), b.disabled()),
            first(a.description(), b.description()),
            first(a.deadline(), b.deadline()),
            first(a.fallback(), b.fallback()),
            first(a.compensate(), b.compensate()),
            first(a.mask(), b.mask()));
    return new Syntax.Body(user, used.kind(), both);
  }

  private static <T> T first(T a, T b) {
    return a == null ? b : a;
  }

  private void error(Code code, Spot spot, Scope scope, String message, String hint) {
    problems.error(code, scope.user() == null ? spot : scope.user(), message, hint);
  }
}
