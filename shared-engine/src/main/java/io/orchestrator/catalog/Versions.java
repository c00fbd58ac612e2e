package io.orchestrator.catalog;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * Semantic versions (semver.org 2.0.0): their order, and the one after. The texts are known to be
 * well formed.
 */
final class Versions {
  static final String FIRST = "1.0.0";

  private Versions() {}

  /** The next patch version; of a pre-release, the release itself. */
  static String next(String version) {
    String core = core(version);
    if (!preRelease(version).isEmpty()) {
      return core;
    }
    int dot = core.lastIndexOf('.');
    return core.substring(0, dot + 1) + new BigInteger(core.substring(dot + 1)).add(BigInteger.ONE);
  }

  /** Their precedence (section 11): positive if the first is above the second. */
  static int compare(String first, String second) {
    int byCore = compareParts(core(first).split("\\."), core(second).split("\\."));
    if (byCore != 0) {
      return byCore;
    }
    String a = preRelease(first);
    String b = preRelease(second);
    if (a.isEmpty() || b.isEmpty()) {
      return Boolean.compare(a.isEmpty(), b.isEmpty());
    }
    return compareParts(a.split("\\."), b.split("\\."));
  }

  /**
   * Whether a version is in a range: {@code 1.2.0} is that one, {@code 1.2} any of its patches,
   * {@code ~1.2.3} from there on below 1.3.0, {@code ^1.2} below 2.0.0 ({@code ^0.2} below 0.3.0).
   * A pre-release is only in a range that names one.
   */
  static boolean isIn(String version, String range) {
    char sign = range.charAt(0);
    boolean open = sign == '^' || sign == '~';
    String from = open ? range.substring(1) : range;
    if (!preRelease(version).isEmpty() && preRelease(from).isEmpty()) {
      return false;
    }
    String[] parts = core(from).split("\\.");
    String least = core(from) + ".0".repeat(3 - parts.length);
    String pre = preRelease(from).isEmpty() ? "" : "-" + preRelease(from);
    if (!open && parts.length == 3) {
      return compare(version, least + pre) == 0;
    }
    int fixed = sign == '^' ? firstAboveZero(parts) : Math.min(2, parts.length);
    String[] own = core(version).split("\\.");
    return compare(version, least + pre) >= 0
        && compareParts(Arrays.copyOf(own, fixed), Arrays.copyOf(parts, fixed)) == 0;
  }

  /** How many parts a caret keeps: up to the first that is not zero. */
  private static int firstAboveZero(String[] parts) {
    for (int i = 0; i < parts.length; i++) {
      if (!parts[i].equals("0")) {
        return i + 1;
      }
    }
    return parts.length;
  }

  private static int compareParts(String[] a, String[] b) {
    for (int i = 0; i < Math.min(a.length, b.length); i++) {
      int order = comparePart(a[i], b[i]);
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(a.length, b.length);
  }

  /** Numbers count, texts go by their characters, and a number is below a text. */
  private static int comparePart(String a, String b) {
    boolean numberA = a.chars().allMatch(Character::isDigit);
    boolean numberB = b.chars().allMatch(Character::isDigit);
    if (numberA && numberB) {
      return new BigInteger(a).compareTo(new BigInteger(b));
    }
    return numberA != numberB ? Boolean.compare(numberB, numberA) : a.compareTo(b);
  }

  private static String core(String version) {
    return withoutBuild(version).split("-", 2)[0];
  }

  private static String preRelease(String version) {
    String[] parts = withoutBuild(version).split("-", 2);
    return parts.length == 1 ? "" : parts[1];
  }

  private static String withoutBuild(String version) {
    int plus = version.indexOf('+');
    return plus < 0 ? version : version.substring(0, plus);
  }
}
