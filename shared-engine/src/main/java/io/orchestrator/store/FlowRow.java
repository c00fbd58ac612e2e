package io.orchestrator.store;

import java.time.Instant;
import java.util.List;

/**
 * A flow over time: what is known of it apart from its versions.
 *
 * @param revision counts every change of this row
 * @param latest the version published last; null if there is only a draft
 * @param stable the version that starts take; null if none is active
 * @param canary the other part of the route as JSON; null if there is none
 * @param draft the text of the draft; null if there is none
 * @param retiredAt since when it cannot be started; null if it can
 * @param previous the version that starts took before the stable one; null if there was none
 */
public record FlowRow(
    String flow,
    int revision,
    Meta meta,
    String latest,
    String stable,
    String canary,
    String draft,
    Instant createdAt,
    Instant updatedAt,
    String updatedBy,
    Instant retiredAt,
    String previous) {

  /** Whether it can be started no more. */
  public boolean isRetired() {
    return retiredAt != null;
  }

  /** What a flow is found by. */
  public record Meta(
      String title, String description, String category, List<String> tags, String owner) {
    /** Nothing said. */
    public static final Meta NONE = new Meta("", "", "", List.of(), "");

    public Meta {
      tags = List.copyOf(tags);
    }
  }

  /**
   * A published version.
   *
   * @param ordinal 1 for the first, without gaps
   * @param hash of the tree, as text
   * @param source as it was written
   * @param format {@code yaml} or {@code json}
   * @param plan compiled, as JSON
   * @param listens topics whose events start it; only known when it is about to be published
   */
  public record Version(
      String version,
      int ordinal,
      String hash,
      String source,
      String format,
      String plan,
      Instant publishedAt,
      String publishedBy,
      List<String> listens) {
    public Version {
      listens = List.copyOf(listens);
    }

    /** One that is about to be published: number and time come with it. */
    public static Version of(
        String version, String hash, String source, String format, String plan, String by) {
      return new Version(version, 0, hash, source, format, plan, null, by, List.of());
    }

    /** The same with what starts it. */
    public Version listening(List<String> topics) {
      return new Version(
          version, ordinal, hash, source, format, plan, publishedAt, publishedBy, topics);
    }
  }
}
