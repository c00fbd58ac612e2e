package io.orchestrator.expression;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a value can be before it is there: its JSON types, and as far as it is known the fields of
 * the object and the elements of the array. Immutable.
 */
public final class Type {
  /** What is known of the fields that are not listed. */
  public enum Others {
    /** There are none. */
    NONE,
    /** There may be some, though nobody has declared them. */
    UNDECLARED,
    /** There may be any. */
    ANY
  }

  private static final int NULL_BIT = 1;
  private static final int BOOLEAN_BIT = 2;
  private static final int NUMBER_BIT = 4;
  private static final int STRING_BIT = 8;
  private static final int ARRAY_BIT = 16;
  private static final int OBJECT_BIT = 32;
  private static final String[] NAMES = {
    "null", "a boolean", "a number", "a string", "an array", "an object"
  };

  public static final Type NULL = new Type(NULL_BIT, null, Others.ANY, null);
  public static final Type BOOLEAN = new Type(BOOLEAN_BIT, null, Others.ANY, null);
  public static final Type NUMBER = new Type(NUMBER_BIT, null, Others.ANY, null);
  public static final Type STRING = new Type(STRING_BIT, null, Others.ANY, null);
  public static final Type ARRAY = new Type(ARRAY_BIT, null, Others.ANY, null);
  public static final Type OBJECT = new Type(OBJECT_BIT, null, Others.ANY, null);

  /** Anything at all. */
  public static final Type ANY = new Type(63, null, Others.ANY, null);

  private final int bits;
  private final Map<String, Type> fields;
  private final Others others;
  private final Type element;

  private Type(int bits, Map<String, Type> fields, Others others, Type element) {
    this.bits = bits;
    this.fields = fields;
    this.others = others;
    this.element = element;
  }

  /** An object with these fields. A field that may be missing may be null. */
  public static Type object(Map<String, Type> fields, Others others) {
    Map<String, Type> kept = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    return new Type(OBJECT_BIT, kept, others, null);
  }

  /** An array of such elements. */
  public static Type array(Type element) {
    return new Type(ARRAY_BIT, null, Others.ANY, element);
  }

  /** The type of data that is there. */
  public static Type of(Object value) {
    return switch (value) {
      case null -> NULL;
      case Boolean b -> BOOLEAN;
      case Long n -> NUMBER;
      case BigDecimal n -> NUMBER;
      case String s -> STRING;
      case List<?> list -> array(list.stream().map(Type::of).reduce(Type::or).orElse(ANY));
      case Map<?, ?> map -> {
        Map<String, Type> fields = new LinkedHashMap<>();
        map.forEach((key, field) -> fields.put((String) key, of(field)));
        yield object(fields, Others.NONE);
      }
      default -> ANY;
    };
  }

  /** One or the other. */
  public Type or(Type other) {
    if (equals(ANY) || other.equals(ANY)) {
      return ANY;
    }
    boolean mine = mayBeObject();
    boolean theirs = other.mayBeObject();
    Type shape = mine && theirs ? joined(other) : mine ? this : other;
    Type elements =
        !mayBeArray()
            ? other.element
            : !other.mayBeArray() ? element : elements().or(other.elements());
    return new Type(bits | other.bits, shape.fields, shape.others, elements);
  }

  /** The fields of two objects, of which one may be the case. */
  private Type joined(Type other) {
    if (fields == null || other.fields == null) {
      return OBJECT;
    }
    Map<String, Type> both = new LinkedHashMap<>();
    fields.forEach((name, type) -> both.put(name, type.or(other.fieldOr(name))));
    other.fields.forEach((name, type) -> both.putIfAbsent(name, type.or(fieldOr(name))));
    return object(both, others.compareTo(other.others) > 0 ? others : other.others);
  }

  private Type fieldOr(String name) {
    Type known = fields.get(name);
    return known != null ? known : others == Others.NONE ? NULL : ANY;
  }

  /** The same, but it may also be null. */
  public Type orNull() {
    return new Type(bits | NULL_BIT, fields, others, element);
  }

  /** The same, but it is not null. */
  Type notNull() {
    return bits == NULL_BIT ? this : new Type(bits & ~NULL_BIT, fields, others, element);
  }

  public boolean mayBeNull() {
    return (bits & NULL_BIT) != 0;
  }

  public boolean mayBeBoolean() {
    return (bits & BOOLEAN_BIT) != 0;
  }

  public boolean mayBeNumber() {
    return (bits & NUMBER_BIT) != 0;
  }

  public boolean mayBeString() {
    return (bits & STRING_BIT) != 0;
  }

  public boolean mayBeArray() {
    return (bits & ARRAY_BIT) != 0;
  }

  public boolean mayBeObject() {
    return (bits & OBJECT_BIT) != 0;
  }

  /** Whether both can be the same type of data. */
  public boolean meets(Type other) {
    return (bits & other.bits) != 0;
  }

  /** The fields that are known; null if none of them are. */
  public Map<String, Type> fields() {
    return fields;
  }

  /** What is known of the other fields. */
  public Others others() {
    return others;
  }

  /** Whether a field of that name is neither known nor possible without being declared. */
  public boolean lacks(String name) {
    return fields != null && others != Others.ANY && !fields.containsKey(name);
  }

  /** What a field of that name can be. */
  public Type field(String name) {
    Type known = fields == null ? ANY : fields.getOrDefault(name, ANY);
    return bits == OBJECT_BIT ? known : known.orNull();
  }

  /** What an element of the array can be. */
  public Type elements() {
    return element == null ? ANY : element;
  }

  /** Whether it can be both a boolean and nothing else but null. */
  boolean canBeTruth() {
    return mayBeBoolean() || mayBeNull();
  }

  /** In words: {@code a string or null}. */
  public String described() {
    List<String> names = new ArrayList<>();
    for (int i = 1; i < NAMES.length; i++) {
      if ((bits & (1 << i)) != 0) {
        names.add(NAMES[i]);
      }
    }
    if (mayBeNull()) {
      names.add(NAMES[0]);
    }
    return bits == ANY.bits ? "anything" : String.join(" or ", names);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Type that
        && bits == that.bits
        && others == that.others
        && java.util.Objects.equals(fields, that.fields)
        && java.util.Objects.equals(element, that.element);
  }

  @Override
  public int hashCode() {
    return java.util.Objects.hash(bits, fields, others, element);
  }

  @Override
  public String toString() {
    return described();
  }
}
