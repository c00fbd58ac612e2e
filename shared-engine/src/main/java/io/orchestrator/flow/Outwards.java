package io.orchestrator.flow;

import io.orchestrator.expression.Expression;
import java.util.List;

/**
 * What is written beside {@code use} stands outside of the definition that is used: {@code $with}
 * there is not what that is given.
 */
public final class Outwards {
  private static final String WITH = "with";

  /** How the root is called that is {@code $with} so many definitions outwards. */
  private static final String PREFIX = "with^";

  private Outwards() {}

  /** How many definitions outwards a root looks for {@code $with}; -1 if it is another root. */
  public static int level(String root) {
    if (root.equals(WITH)) {
      return 0;
    }
    return root.startsWith(PREFIX)
        ? Integer.parseInt(root, PREFIX.length(), root.length(), 10)
        : -1;
  }

  /** The options as they are to be read from inside of that many definitions. */
  static Syntax.Options options(Syntax.Options options, int level) {
    return new Syntax.Options(
        expr(options.when(), level),
        span(options.timeout(), level),
        retrying(options.retry(), level),
        handling(options.onError(), level),
        data(options.output(), level),
        data(options.idempotencyKey(), level),
        options.atMostOnce(),
        options.disabled(),
        options.description(),
        span(options.deadline(), level),
        options.fallback(),
        options.compensate(),
        options.mask());
  }

  private static Expression renamed(Expression expression, int level) {
    boolean reads =
        expression != null
            && expression.references().stream().anyMatch(read -> read.root().equals(WITH));
    return reads ? expression.renamed(WITH, PREFIX + level) : expression;
  }

  private static Syntax.Expr expr(Syntax.Expr expr, int level) {
    return expr == null
        ? null
        : new Syntax.Expr(renamed(expr.expression(), level), expr.node(), expr.condition());
  }

  private static Syntax.Data data(Syntax.Data data, int level) {
    return data == null
        ? null
        : new Syntax.Data(data.template().renamed(WITH, PREFIX + level), data.node());
  }

  private static Syntax.Span span(Syntax.Span span, int level) {
    return span == null
        ? null
        : new Syntax.Span(span(span.span(), level), span.computed(), span.spot());
  }

  private static TimeSpan span(TimeSpan span, int level) {
    return switch (span) {
      case null -> null;
      case TimeSpan.Fixed fixed -> fixed;
      case TimeSpan.Computed computed ->
          new TimeSpan.Computed(renamed(computed.expression(), level));
      case TimeSpan.Until until -> new TimeSpan.Until(renamed(until.instant(), level));
    };
  }

  private static Syntax.Retrying retrying(Syntax.Retrying retrying, int level) {
    if (retrying == null) {
      return null;
    }
    Retry retry = retrying.retry();
    Retry read =
        new Retry(
            retry.attempts(),
            retry.backoff(),
            retry.delays().stream().map(delay -> span(delay, level)).toList(),
            span(retry.delay(), level),
            retry.factor(),
            span(retry.maxDelay(), level),
            retry.jitter(),
            retry.only(),
            retry.except(),
            renamed(retry.when(), level),
            retry.said());
    return new Syntax.Retrying(
        retrying.spot(),
        read,
        retrying.when(),
        retrying.spans(),
        retrying.written(),
        retrying.foreign());
  }

  /** Their steps look outwards themselves. */
  private static Syntax.Handling handling(Syntax.Handling handling, int level) {
    if (handling == null) {
      return null;
    }
    List<Syntax.Clause> clauses =
        handling.clauses().stream()
            .map(
                clause ->
                    new Syntax.Clause(
                        clause.spot(),
                        clause.types(),
                        clause.foreign(),
                        expr(clause.when(), level),
                        clause.steps(),
                        clause.then()))
            .toList();
    return new Syntax.Handling(handling.spot(), clauses);
  }
}
