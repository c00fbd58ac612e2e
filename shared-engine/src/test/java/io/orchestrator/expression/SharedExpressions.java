package io.orchestrator.expression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Makes expressions of the part of the language that is CEL's as well, each as two texts. What the
 * two languages mean differently is left out, by name:
 *
 * <ul>
 *   <li>division that does not come out even, and fractions that binary digits cannot hold: ours
 *       are decimals;
 *   <li>arithmetic that mixes integers and fractions: an error in CEL;
 *   <li>null as a condition: false here, an error in CEL;
 *   <li>fields that are missing and indexes out of range: null here, errors in CEL;
 *   <li>parts that fail inside {@code &&}, {@code ||} and macros: in CEL the other side may win,
 *       ours goes from left to right;
 *   <li>chains of comparisons: refused here.
 * </ul>
 */
@SuppressWarnings("EnumOrdinal") // the order of the ranks is what they mean
final class SharedExpressions {
  private static final int DEPTH_MAX = 5;
  private static final List<String> TEXTS = List.of("", "a", "ab", "b c", "Zoë", "it\\'s", "a\\nb");
  private static final List<String> RELATIONS = List.of("<", "<=", ">", ">=");

  private final SplittableRandom random;
  private final List<String> names = new ArrayList<>();

  SharedExpressions(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** What a part comes to if it does not fail. */
  private enum Sort {
    WHOLE,
    FRACTION,
    TEXT,
    TRUTH,
    LIST,
    MAP
  }

  /** How tightly an operator binds. */
  private enum Rank {
    CHOICE,
    OR,
    AND,
    RELATION,
    SUM,
    PRODUCT,
    UNARY,
    PRIMARY
  }

  /**
   * A part as both languages write it. CEL's checker is kept from knowing the types, so that both
   * find out when they run: {@code dyn} stands around all that is not an operator, and is the
   * parentheses of what is one.
   */
  record Pair(String ours, String cel, int rank) {
    private Pair within(Rank least) {
      return rank >= least.ordinal() ? this : primary("(" + ours + ")", cel);
    }

    private static Pair primary(String ours, String cel) {
      return new Pair(ours, "dyn(" + cel + ")", Rank.PRIMARY.ordinal());
    }
  }

  /** The next expression. */
  Pair next() {
    names.clear();
    return part(pick(List.of(Sort.values())), DEPTH_MAX, true);
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private <T> T pick(List<T> some) {
    return some.get(random.nextInt(some.size()));
  }

  /**
   * A part of that sort, or now and then of another.
   *
   * @param mayFail whether what fails here fails the whole in both languages
   */
  private Pair part(Sort sort, int depth, boolean mayFail) {
    Sort made = mayFail && chance(3) ? mistaken(sort) : sort;
    if (depth == 0 || chance(12)) {
      return leaf(made);
    }
    if (chance(8)) {
      return choice(made, depth - 1, mayFail);
    }
    return switch (made) {
      case WHOLE -> whole(depth - 1, mayFail);
      case FRACTION ->
          operation(Sort.FRACTION, pick(List.of("+", "-", "*")), Math.min(depth - 1, 1), mayFail);
      case TEXT -> text(depth - 1, mayFail);
      case TRUTH -> truth(depth - 1, mayFail);
      case LIST -> list(depth - 1, mayFail);
      case MAP -> leaf(made);
    };
  }

  private Sort mistaken(Sort sort) {
    return switch (sort) {
      case WHOLE, FRACTION -> pick(List.of(Sort.TEXT, Sort.LIST, Sort.TRUTH));
      case TEXT, LIST, MAP -> pick(List.of(Sort.WHOLE, Sort.TRUTH));
      case TRUTH -> pick(List.of(Sort.TEXT, Sort.WHOLE));
    };
  }

  private Pair leaf(Sort sort) {
    return switch (sort) {
      case WHOLE ->
          chance(40)
              ? pick(List.of(root("n"), root("m.a"), root("l[1]"), root("m['a']")))
              : value(Integer.toString(random.nextInt(12)));
      case FRACTION ->
          chance(30) ? root("f") : value(random.nextInt(8) + pick(List.of(".0", ".5", ".25")));
      case TEXT ->
          chance(30) ? pick(List.of(root("s"), root("m.b"))) : value("'" + pick(TEXTS) + "'");
      case TRUTH -> chance(40) ? root("t") : value(Boolean.toString(random.nextBoolean()));
      case LIST -> chance(50) ? root("l") : elements(1);
      case MAP -> chance(50) ? root("m") : pair("{'a': %s, \"b\": %s}", value("1"), value("'x'"));
    };
  }

  private static Pair value(String literal) {
    return Pair.primary(literal, literal);
  }

  private static Pair root(String path) {
    return Pair.primary("$" + path, path);
  }

  private static Pair pair(String format, Pair... parts) {
    Pair[] arguments = Arrays.stream(parts).map(part -> part.within(Rank.SUM)).toArray(Pair[]::new);
    Pair call = ranked(Rank.PRIMARY, format, arguments);
    return Pair.primary(call.ours(), call.cel());
  }

  private static Pair ranked(Rank rank, String format, Pair... parts) {
    Object[] ours = new Object[parts.length];
    Object[] cel = new Object[parts.length];
    for (int i = 0; i < parts.length; i++) {
      ours[i] = parts[i].ours();
      cel[i] = parts[i].cel();
    }
    return new Pair(format.formatted(ours), format.formatted(cel), rank.ordinal());
  }

  private static Pair binary(Rank rank, String operator, Pair left, Pair right) {
    Rank tighter = Rank.values()[rank.ordinal() + 1];
    // Relations do not stand in chains, everything else is grouped from the left.
    Rank first = rank == Rank.RELATION ? tighter : rank;
    String format = "%s " + operator.replace("%", "%%") + " %s";
    return ranked(rank, format, left.within(first), right.within(tighter));
  }

  private Pair operation(Sort sort, String operator, int depth, boolean mayFail) {
    Rank rank = "*%/".contains(operator) ? Rank.PRODUCT : Rank.SUM;
    return binary(rank, operator, part(sort, depth, mayFail), part(sort, depth, mayFail));
  }

  private Pair whole(int depth, boolean mayFail) {
    return switch (random.nextInt(9)) {
      case 0 -> ranked(Rank.UNARY, "-%s", part(Sort.WHOLE, depth, mayFail).within(Rank.PRIMARY));
      case 1 ->
          pair("size(%s)", part(pick(List.of(Sort.TEXT, Sort.LIST, Sort.MAP)), depth, mayFail));
      case 2 -> pair("%s.size()", part(Sort.TEXT, depth, mayFail).within(Rank.PRIMARY));
      case 3 -> {
        Pair divisor = value(Integer.toString(mayFail ? random.nextInt(5) : 1 + random.nextInt(4)));
        yield binary(Rank.PRODUCT, "%", part(Sort.WHOLE, depth, mayFail), divisor);
      }
      case 4 -> {
        Pair same = value(Integer.toString(mayFail ? random.nextInt(5) : 1 + random.nextInt(4)));
        Pair product = binary(Rank.PRODUCT, "*", part(Sort.WHOLE, depth, false), same);
        yield binary(Rank.PRODUCT, "/", product, same);
      }
      default -> operation(Sort.WHOLE, pick(List.of("+", "-", "*")), depth, mayFail);
    };
  }

  private Pair text(int depth, boolean mayFail) {
    if (chance(25)) {
      Sort shown = pick(List.of(Sort.WHOLE, Sort.TEXT, Sort.TRUTH));
      return pair("string(%s)", part(shown, depth, false));
    }
    return operation(Sort.TEXT, "+", depth, mayFail);
  }

  private Pair truth(int depth, boolean mayFail) {
    return switch (random.nextInt(10)) {
      case 0 -> not(part(Sort.TRUTH, depth, mayFail).within(Rank.UNARY));
      case 1 ->
          binary(Rank.AND, "&&", part(Sort.TRUTH, depth, false), part(Sort.TRUTH, depth, false));
      case 2 ->
          binary(Rank.OR, "||", part(Sort.TRUTH, depth, false), part(Sort.TRUTH, depth, false));
      case 3 -> called(pick(List.of("contains", "startsWith", "endsWith")), depth, mayFail);
      case 4 -> {
        Pair pattern =
            value("'" + pick(List.of("a", "^a", "b+$", "[a-c]+", "^(a|b)*$", ".")) + "'");
        yield pair("%s.matches(%s)", part(Sort.TEXT, depth, mayFail).within(Rank.PRIMARY), pattern);
      }
      case 5 -> {
        Pair holder = part(chance(70) ? Sort.LIST : Sort.MAP, depth, mayFail);
        yield binary(Rank.RELATION, "in", part(Sort.TEXT, depth, mayFail), holder);
      }
      case 6 -> pick(List.of(has("m.a"), has("m.zzz")));
      case 7 -> quantified(depth);
      case 8 -> equality(depth, mayFail);
      default -> {
        Sort sort = pick(List.of(Sort.WHOLE, Sort.FRACTION, Sort.TEXT, Sort.TRUTH));
        yield binary(
            Rank.RELATION, pick(RELATIONS), part(sort, depth, mayFail), part(sort, depth, mayFail));
      }
    };
  }

  private static Pair not(Pair operand) {
    return new Pair("!" + operand.ours(), "dyn(!" + operand.cel() + ")", Rank.UNARY.ordinal());
  }

  private static Pair has(String path) {
    return Pair.primary("has($" + path + ")", "has(" + path + ")");
  }

  private Pair equality(int depth, boolean mayFail) {
    Pair left = part(pick(List.of(Sort.values())), depth, mayFail);
    Pair right = chance(10) ? value("null") : part(pick(List.of(Sort.values())), depth, mayFail);
    return binary(Rank.RELATION, chance(50) ? "==" : "!=", left, right);
  }

  private Pair called(String function, int depth, boolean mayFail) {
    Pair receiver = part(Sort.TEXT, depth, mayFail).within(Rank.PRIMARY);
    return pair("%s." + function + "(%s)", receiver, part(Sort.TEXT, depth, mayFail));
  }

  private Pair choice(Sort sort, int depth, boolean mayFail) {
    return ranked(
        Rank.CHOICE,
        "%s ? %s : %s",
        part(Sort.TRUTH, depth, mayFail).within(Rank.OR),
        part(sort, depth, mayFail).within(Rank.SUM),
        part(sort, depth, mayFail).within(Rank.SUM));
  }

  private Pair list(int depth, boolean mayFail) {
    return switch (random.nextInt(4)) {
      case 0 ->
          binary(Rank.SUM, "+", part(Sort.LIST, depth, mayFail), part(Sort.LIST, depth, mayFail));
      case 1 -> elements(depth);
      case 2 -> looped("filter", () -> overNumber(depth), depth);
      default -> looped("map", () -> part(Sort.TEXT, Math.min(depth, 1), false), depth);
    };
  }

  private Pair elements(int depth) {
    List<Pair> parts = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      parts.add(part(pick(List.of(Sort.WHOLE, Sort.TEXT, Sort.TRUTH)), Math.min(depth, 1), false));
    }
    String format = parts.stream().map(one -> "%s").collect(Collectors.joining(", ", "[", "]"));
    return pair(format, parts.toArray(Pair[]::new));
  }

  private Pair quantified(int depth) {
    String macro = pick(List.of("all", "exists", "exists_one"));
    return looped(macro, () -> overNumber(depth), depth);
  }

  /** A condition over the element, which is a number. */
  private Pair overNumber(int depth) {
    String name = names.getLast();
    Pair element = Pair.primary(name, name);
    Pair other = part(Sort.WHOLE, Math.min(depth, 1), false);
    return binary(Rank.RELATION, pick(List.of("<", ">", "==", "!=")), element, other);
  }

  private Pair looped(String macro, Supplier<Pair> body, int depth) {
    String name = "e" + names.size();
    names.add(name);
    Pair inside = body.get();
    names.removeLast();
    return pair("%s." + macro + "(" + name + ", %s)", numbers(depth), inside);
  }

  /** A list of numbers. */
  private Pair numbers(int depth) {
    if (chance(50)) {
      return root("l");
    }
    Pair one = part(Sort.WHOLE, Math.min(depth, 2), false);
    return pair("[%s, %s, %s]", one, leaf(Sort.WHOLE), one);
  }
}
