package io.orchestrator.execution;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is covered in every flow of a deployment, whatever its author has thought of: the values of
 * fields with telling names, and texts of telling shapes. Pure.
 */
public final class MaskRules {
  /** Names of fields, in any case and with or without {@code _} and {@code -}. */
  public static final List<String> FIELDS =
      List.of(
          "*password",
          "passwd",
          "passphrase",
          "*secret",
          "authorization",
          "proxy_authorization",
          "cookie",
          "set_cookie",
          "*api_key",
          "access_token",
          "refresh_token",
          "id_token",
          "private_key",
          "ssn",
          "social_security_number",
          "*card_number",
          "cvc",
          "cvv");

  /** What a text may hold. */
  public enum Shape {
    /**
     * The number of a payment card: a known prefix, and its check digit is right (ISO/IEC 7812).
     */
    CARD("(?<![0-9A-Za-z.-])(?:3[47]|4|5[1-5]|2[2-7]|6)[0-9](?:[ -]?[0-9]){11,17}(?![0-9A-Za-z-])"),
    /** What stands in an Authorization header. */
    BEARER("(?i)(?<=\\bbearer |\\bbasic )[A-Za-z0-9._~+/-]{8,}=*"),
    /** A JSON web token. */
    JWT("\\beyJ[A-Za-z0-9_-]{6,}\\.[A-Za-z0-9_-]{6,}\\.[A-Za-z0-9_-]*"),
    /** An e-mail address. */
    EMAIL("[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]{1,63}(?:\\.[A-Za-z0-9-]{1,63}){1,8}");

    private final String expression;
    private volatile Pattern pattern;

    Shape(String expression) {
      this.expression = expression;
    }

    /** Compiled when it is first needed, which most processes never do. */
    private Matcher in(String text) {
      Pattern compiled = pattern;
      if (compiled == null) {
        compiled = Pattern.compile(expression);
        pattern = compiled;
      }
      return compiled.matcher(text);
    }

    /** Whether it is worth a closer look. */
    private boolean mayBeIn(String text) {
      return switch (this) {
        case CARD -> hasDigits(text);
        case BEARER -> text.indexOf("earer ") >= 0 || text.indexOf("asic ") >= 0;
        case JWT -> text.indexOf("eyJ") >= 0;
        case EMAIL -> text.indexOf('@') > 0;
      };
    }

    private boolean isOne(String found) {
      return this != CARD || isCard(found);
    }

    private static boolean hasDigits(String text) {
      int run = 0;
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        boolean digit = c >= '0' && c <= '9';
        run = digit ? run + 1 : c == ' ' || c == '-' ? run : 0;
        if (run >= CARD_DIGITS_MIN) {
          return true;
        }
      }
      return false;
    }

    private static boolean isCard(String found) {
      int sum = 0;
      int digits = 0;
      for (int i = found.length() - 1; i >= 0; i--) {
        int digit = found.charAt(i) - '0';
        if (digit >= 0 && digit <= 9) {
          int counted = digits % 2 == 0 ? digit : digit * 2;
          sum += counted > 9 ? counted - 9 : counted;
          digits++;
        }
      }
      return digits >= CARD_DIGITS_MIN && digits <= CARD_DIGITS_MAX && sum % 10 == 0;
    }
  }

  /** Nothing is covered. */
  public static final MaskRules NONE = new MaskRules(List.of(), Set.of());

  /** E-mail addresses are what many flows are about, so they are left to their {@code mask}. */
  public static final MaskRules USUAL =
      new MaskRules(FIELDS, EnumSet.of(Shape.CARD, Shape.BEARER, Shape.JWT));

  private static final int CARD_DIGITS_MIN = 13;
  private static final int CARD_DIGITS_MAX = 19;

  private final List<String> fields;
  private final Set<Shape> shapes;
  private final Set<String> names = new HashSet<>();
  private final List<String> endings = new ArrayList<>();

  /**
   * @param fields names; {@code *} at the beginning stands for anything
   */
  public MaskRules(List<String> fields, Set<Shape> shapes) {
    this.fields = List.copyOf(fields);
    this.shapes = shapes.isEmpty() ? Set.of() : EnumSet.copyOf(shapes);
    for (String field : fields) {
      if (field.startsWith("*")) {
        endings.add(plain(field.substring(1)));
      } else {
        names.add(plain(field));
      }
    }
  }

  /** The same without names. */
  MaskRules shapesOnly() {
    return new MaskRules(List.of(), shapes);
  }

  /** The same names, and texts of every shape: for what is told, and never read again. */
  public MaskRules everyShape() {
    return new MaskRules(fields, EnumSet.allOf(Shape.class));
  }

  public boolean isEmpty() {
    return fields.isEmpty() && shapes.isEmpty();
  }

  /** Whether the value of a field with that name is covered. */
  public boolean isField(String name) {
    String plain = plain(name);
    if (names.contains(plain)) {
      return true;
    }
    for (String ending : endings) {
      if (plain.endsWith(ending)) {
        return true;
      }
    }
    return false;
  }

  private static String plain(String name) {
    boolean isPlain = true;
    for (int i = 0; i < name.length() && isPlain; i++) {
      char c = name.charAt(i);
      isPlain = c != '_' && c != '-' && c != ' ' && (c < 'A' || c > 'Z') && c < 0x80;
    }
    return isPlain
        ? name
        : name.replace("_", "").replace("-", "").replace(" ", "").toLowerCase(Locale.ROOT);
  }

  /**
   * Whether anything in compact JSON may have to be covered: a quick look, perhaps too often yes.
   */
  public boolean mayConcern(String json) {
    if (isIn(json)) {
      return true;
    }
    int begin = -1;
    for (int i = 0; i < json.length() && !fields.isEmpty(); i++) {
      char c = json.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '"' && begin < 0) {
        begin = i + 1;
      } else if (c == '"') {
        boolean key = i + 1 < json.length() && json.charAt(i + 1) == ':';
        if (key && isField(json.substring(begin, i))) {
          return true;
        }
        begin = -1;
      }
    }
    return false;
  }

  /** Whether anything in data has to be covered. */
  public boolean concerns(Object data) {
    return switch (data) {
      case Map<?, ?> map ->
          map.entrySet().stream()
              .anyMatch(e -> covers((String) e.getKey(), e.getValue()) || concerns(e.getValue()));
      case List<?> list -> list.stream().anyMatch(this::concerns);
      case String text -> isIn(text);
      case Long number -> isIn(number.toString());
      case BigDecimal number -> isIn(number.toPlainString());
      case null, default -> false;
    };
  }

  /** Whether the value of a field is covered whole; what is no value gives nothing away. */
  boolean covers(String field, Object value) {
    return value != null && !(value instanceof Boolean) && isField(field);
  }

  /** Whether a text holds something of a shape. */
  boolean isIn(String text) {
    return !over(text).equals(text);
  }

  /** The text with everything of a shape replaced. */
  public String over(String text) {
    String shown = text;
    for (Shape shape : shapes) {
      if (shape.mayBeIn(shown)) {
        Matcher matcher = shape.in(shown);
        shown =
            matcher.replaceAll(
                found ->
                    shape.isOne(found.group())
                        ? Cover.MARK
                        : Matcher.quoteReplacement(found.group()));
      }
    }
    return shown;
  }

  /** Everything of a shape in a text. */
  void each(String text, BiConsumer<Shape, String> takes) {
    for (Shape shape : shapes) {
      if (shape.mayBeIn(text)) {
        Matcher matcher = shape.in(text);
        while (matcher.find()) {
          if (shape.isOne(matcher.group())) {
            takes.accept(shape, matcher.group());
          }
        }
      }
    }
  }

  /** The data covered, for somebody who is told of it. */
  public Object over(Object data) {
    return switch (data) {
      case Map<?, ?> map -> {
        Map<String, Object> shown = new LinkedHashMap<>();
        map.forEach(
            (key, value) ->
                shown.put(
                    String.valueOf(key),
                    covers(String.valueOf(key), value) ? Cover.MARK : over(value)));
        yield shown;
      }
      case List<?> list -> {
        List<Object> shown = new ArrayList<>(list.size());
        list.forEach(item -> shown.add(over(item)));
        yield shown;
      }
      case String text -> over(text);
      case Long number -> isIn(number.toString()) ? Cover.MARK : number;
      case null, default -> data;
    };
  }
}
