package io.orchestrator.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Texts compared line by line. */
class TextDiffTest {
  private static String diff(String from, String to) {
    return TextDiff.unified("a", from, "b", to);
  }

  @Test
  void equal_texts_have_no_diff() {
    assertThat(diff("x\ny\n", "x\ny\n")).isEmpty();
  }

  @Test
  void a_changed_line_is_shown_with_three_lines_around() {
    assertThat(diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n"))
        .isEqualTo("--- a\n+++ b\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
  }

  @Test
  void changes_far_apart_are_hunks_of_their_own() {
    String from = lines(30);
    String to = from.replace("line 3\n", "").replace("line 25\n", "line 25\nmore\n");
    assertThat(diff(from, to))
        .contains("@@ -1,7 +1,6 @@\n line 0\n line 1\n line 2\n-line 3\n line 4\n")
        .contains("@@ -24,6 +23,7 @@\n line 23\n line 24\n line 25\n+more\n line 26\n");
  }

  @Test
  void a_text_that_begins_from_nothing_is_all_new() {
    assertThat(diff("", "a\nb\n")).isEqualTo("--- a\n+++ b\n@@ -0,0 +1,2 @@\n+a\n+b\n");
    assertThat(diff("a\n", "")).isEqualTo("--- a\n+++ b\n@@ -1 +0,0 @@\n-a\n");
  }

  @Test
  void texts_with_nothing_in_common_are_compared_in_bounded_time() {
    String from = lines(6_000);
    String to =
        IntStream.range(0, 6_000).mapToObj(i -> "other " + i + "\n").collect(Collectors.joining());
    assertThat(diff(from, to).lines().filter(line -> line.startsWith("+other")).count())
        .isEqualTo(6_000);
  }

  @Test
  void a_diff_gives_the_new_text_when_it_is_applied_to_the_old_one() {
    Random random = new Random(7);
    for (int round = 0; round < 500; round++) {
      String from = words(random);
      String to = words(random);
      assertThat(applied(from, diff(from, to))).as(from + " -> " + to).isEqualTo(to);
    }
  }

  private static String words(Random random) {
    return random
        .ints(random.nextInt(40), 0, 4)
        .mapToObj(i -> "w" + i + "\n")
        .collect(Collectors.joining());
  }

  private static String lines(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "line " + i + "\n")
        .collect(Collectors.joining());
  }

  /** What patch(1) does. */
  private static String applied(String from, String diff) {
    List<String> old = from.lines().toList();
    List<String> made = new ArrayList<>();
    int at = 0;
    for (String line : diff.lines().skip(2).toList()) {
      if (line.startsWith("@@")) {
        String range = line.substring(4, line.indexOf(' ', 4));
        int begin = Integer.parseInt(range.split(",", -1)[0]) - (range.endsWith(",0") ? 0 : 1);
        made.addAll(old.subList(at, begin));
        at = begin;
      } else if (line.startsWith("+")) {
        made.add(line.substring(1));
      } else {
        assertThat(old.get(at)).isEqualTo(line.substring(1));
        if (line.startsWith(" ")) {
          made.add(line.substring(1));
        }
        at++;
      }
    }
    made.addAll(old.subList(at, old.size()));
    return made.stream().map(line -> line + "\n").collect(Collectors.joining());
  }
}
