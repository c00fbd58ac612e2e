package io.orchestrator.local;

import io.orchestrator.rehearsal.Miss;
import io.orchestrator.rehearsal.Report;
import java.util.List;
import java.util.Locale;

/** Writes how tests went as JUnit's XML, which build servers read. */
final class JUnitXml {
  private static final double NANOS = 1e9;

  private JUnitXml() {}

  /** A suite for each file; a file that is not valid is a suite with one error. */
  static String of(List<TestCommand.Ran> all) {
    StringBuilder xml =
        new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    all.forEach(ran -> suite(xml, ran));
    return xml.append("</testsuites>\n").toString();
  }

  private static void suite(StringBuilder xml, TestCommand.Ran ran) {
    Report report = ran.report();
    String file = ran.file().flow().path().toString();
    int tests = report == null ? 1 : report.results().size();
    xml.append("  <testsuite name=\"")
        .append(escaped(report == null ? file : report.flow()))
        .append("\" file=\"")
        .append(escaped(file))
        .append("\" tests=\"")
        .append(tests)
        .append("\" failures=\"")
        .append(report == null ? 0 : report.failed())
        .append("\" errors=\"")
        .append(report == null ? 1 : 0)
        .append("\" skipped=\"0\" time=\"")
        .append(String.format(Locale.ROOT, "%.3f", ran.nanos() / NANOS))
        .append("\">\n");
    if (report == null) {
      invalid(xml, ran.file());
    } else {
      report.results().forEach(result -> test(xml, report.flow(), ran, result));
    }
    xml.append("  </testsuite>\n");
  }

  private static void invalid(StringBuilder xml, TestFile file) {
    StringBuilder text = new StringBuilder();
    for (TestFile.Found found : file.errors()) {
      text.append(new Findings(found.file().toString(), found.text()).of(found.problem(), false));
    }
    String name = escaped(file.flow().path().toString());
    xml.append("    <testcase name=\"is valid\" classname=\"")
        .append(name)
        .append("\"><error message=\"the flow is not valid\" type=\"invalid\">")
        .append(escaped(text.toString()))
        .append("</error></testcase>\n");
  }

  private static void test(
      StringBuilder xml, String flow, TestCommand.Ran ran, Report.Result result) {
    xml.append("    <testcase name=\"")
        .append(escaped(result.test().name()))
        .append("\" classname=\"")
        .append(escaped(flow))
        .append("\" file=\"")
        .append(escaped(ran.file().fileOf(result.test()).path().toString()))
        .append("\" line=\"")
        .append(result.test().spot().line())
        .append("\" time=\"0.000\"");
    if (result.passed()) {
      xml.append("/>\n");
      return;
    }
    xml.append(">\n");
    for (Miss miss : result.misses()) {
      xml.append("      <failure message=\"")
          .append(escaped(miss.message()))
          .append("\" type=\"")
          .append(escaped(miss.what()))
          .append("\">")
          .append(escaped(String.join("\n", miss.lines())))
          .append("</failure>\n");
    }
    xml.append("    </testcase>\n");
  }

  /** XML 1.0 has no place for most control characters, escaped or not. */
  private static String escaped(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                case '\n' -> out.append("&#10;");
                case '\t' -> out.append("&#9;");
                default -> out.appendCodePoint(isAllowed(c) ? c : 0xFFFD);
              }
            });
    return out.toString();
  }

  private static boolean isAllowed(int c) {
    return c >= 0x20 && !(c >= 0xD800 && c <= 0xDFFF) && c != 0xFFFE && c != 0xFFFF;
  }
}
