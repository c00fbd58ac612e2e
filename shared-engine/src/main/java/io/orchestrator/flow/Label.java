package io.orchestrator.flow;

/** The id of a step, which is known only when all steps have been read. */
public final class Label {
  /** Where an id comes from. */
  enum Origin {
    /** Written by the author. */
    WRITTEN,
    /** A bare name. */
    BARE,
    /** A kind key that stands alone. */
    KIND
  }

  private final Spot spot;
  private final String wanted;
  private final Origin origin;
  private String id;

  Label(Spot spot, String wanted, Origin origin) {
    this.spot = spot;
    this.wanted = wanted;
    this.origin = origin;
    this.id = wanted;
  }

  /** Where the step stands. */
  public Spot spot() {
    return spot;
  }

  /** Unique in the flow, once the flow has been read. */
  public String id() {
    return id;
  }

  String wanted() {
    return wanted;
  }

  Origin origin() {
    return origin;
  }

  void settle(String unique) {
    id = unique;
  }
}
