package io.orchestrator.store;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The words that a text is found by: lower case, without accents, nothing but letters and digits.
 * What is stored and what is asked for are cut the same way, whatever the locale of the database.
 */
final class SearchWords {
  private static final int WORD_CHARS_MAX = 64;
  private static final int WORDS_MAX = 5_000;
  private static final int ASKED_MAX = 20;
  private static final Pattern ACCENTS = Pattern.compile("\\p{M}+");
  private static final Pattern BETWEEN = Pattern.compile("[^\\p{L}\\p{N}]+");

  private SearchWords() {}

  /** Those of a flow. */
  static List<String> of(String flow, FlowRow.Meta meta) {
    Set<String> words = new LinkedHashSet<>(words(flow));
    words.addAll(words(meta.title()));
    words.addAll(words(meta.category()));
    words.addAll(words(meta.owner()));
    meta.tags().forEach(tag -> words.addAll(words(tag)));
    words.addAll(words(meta.description()));
    return words.stream().limit(WORDS_MAX).toList();
  }

  /**
   * What finds the texts that have all these words, each of which may be the beginning of one, as
   * PostgreSQL writes a question; empty if the text has no word.
   */
  static String query(String text) {
    return words(text).stream()
        .distinct()
        .limit(ASKED_MAX)
        .map(word -> "'" + word + "':*")
        .collect(Collectors.joining(" & "));
  }

  private static List<String> words(String text) {
    String plain = ACCENTS.matcher(Normalizer.normalize(text, Normalizer.Form.NFKD)).replaceAll("");
    return Arrays.stream(BETWEEN.split(plain.toLowerCase(Locale.ROOT), -1))
        .filter(word -> !word.isEmpty())
        .map(SearchWords::shortened)
        .toList();
  }

  /** Never half of a surrogate pair. */
  private static String shortened(String word) {
    if (word.length() <= WORD_CHARS_MAX) {
      return word;
    }
    int end = Character.isHighSurrogate(word.charAt(WORD_CHARS_MAX - 1)) ? 63 : WORD_CHARS_MAX;
    return word.substring(0, end);
  }
}
