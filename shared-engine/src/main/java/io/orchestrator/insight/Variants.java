package io.orchestrator.insight;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How the versions of a flow do beside each other: rates with their 95 % intervals. */
public final class Variants {
  /** The 97.5th percentile of the normal distribution. */
  private static final double Z = 1.959963984540054;

  private static final int PLACES = 4;

  private Variants() {}

  /** How the runs of a version went. */
  public record Counts(String version, long runs, long failures, long goals) {
    public Counts {
      if (runs < 0 || failures < 0 || goals < 0 || failures > runs || goals > runs) {
        throw new IllegalArgumentException(
            failures + " failures and " + goals + " goals do not fit " + runs + " runs");
      }
    }
  }

  /**
   * A share of something.
   *
   * @param rate of all; null of nothing
   * @param low the least that it may be in truth
   * @param high the most that it may be in truth
   */
  public record Share(BigDecimal rate, BigDecimal low, BigDecimal high) {
    /** As the API shows it. */
    public Map<String, Object> data() {
      Map<String, Object> data = new LinkedHashMap<>();
      data.put("rate", rate);
      data.put("low", low);
      data.put("high", high);
      return data;
    }
  }

  /**
   * The share of {@code some} among {@code all} with Wilson's interval (Wilson 1927), which holds
   * for few runs and for rates near none and all, too.
   */
  public static Share share(long some, long all) {
    if (all == 0) {
      return new Share(null, BigDecimal.ZERO, BigDecimal.ONE);
    }
    double n = all;
    double p = some / n;
    double z2 = Z * Z;
    double middle = (p + z2 / (2 * n)) / (1 + z2 / n);
    double half = Z * Math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n);
    return new Share(
        number(p),
        some == 0 ? BigDecimal.ZERO : number(Math.max(0, middle - half)),
        some == all ? BigDecimal.ONE : number(Math.min(1, middle + half)));
  }

  private static BigDecimal number(double value) {
    BigDecimal rounded = BigDecimal.valueOf(value).setScale(PLACES, RoundingMode.HALF_EVEN);
    BigDecimal plain = rounded.stripTrailingZeros();
    return plain.scale() < 0 ? plain.setScale(0) : plain;
  }

  /**
   * The versions as the API shows them: counts, {@code error_rate} and {@code goal_rate}.
   *
   * @param withGoal whether a goal was set; else nothing is said of it
   */
  public static List<Map<String, Object>> data(List<Counts> versions, boolean withGoal) {
    return versions.stream().map(version -> data(version, withGoal)).toList();
  }

  private static Map<String, Object> data(Counts version, boolean withGoal) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("version", version.version());
    data.put("runs", version.runs());
    data.put("failures", version.failures());
    data.put("error_rate", share(version.failures(), version.runs()).data());
    data.put("goals", withGoal ? version.goals() : null);
    data.put("goal_rate", withGoal ? share(version.goals(), version.runs()).data() : null);
    return data;
  }

  /**
   * Whether the intervals of a rate of two versions lie apart, so that the difference is hardly
   * chance.
   */
  public static boolean differ(Share one, Share other) {
    return one.low().compareTo(other.high()) > 0 || other.low().compareTo(one.high()) > 0;
  }
}
