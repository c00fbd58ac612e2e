package io.orchestrator.insight;

import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Durations by buckets whose bounds grow by a constant factor, so that a quantile is off by at most
 * {@link #ERROR} of its value however many are counted, and histograms of several hours are added
 * up without loss. (The idea of DDSketch: Masson, Rim, Lee, VLDB 2019.)
 */
public final class Histogram {
  /** The largest relative error of a quantile of at least a microsecond. */
  public static final double ERROR = 0.02;

  private static final double GROWTH = (1 + ERROR) / (1 - ERROR);
  private static final double LOG_GROWTH = Math.log(GROWTH);
  private static final int NANOS = 1_000;

  private final SortedMap<Integer, Long> counts = new TreeMap<>();
  private long count;

  /** The bucket of a duration: 0 up to a microsecond, then one for each four percent more. */
  public static int bucket(Duration duration) {
    long micros = duration.isNegative() ? 0 : duration.toNanos() / NANOS;
    return micros <= 1 ? 0 : (int) Math.ceil(Math.log((double) micros) / LOG_GROWTH);
  }

  /** Adds so many to a bucket; they may be fewer than none, if others outweigh them. */
  public void add(int bucket, long n) {
    counts.merge(bucket, n, Long::sum);
    count += n;
  }

  public long count() {
    return count;
  }

  /**
   * The value below which that share of them is (nearest rank), in microseconds; null if there are
   * none.
   */
  public Double quantile(double share) {
    long rank = Math.max(1, (long) Math.ceil(share * count));
    long before = 0;
    for (Map.Entry<Integer, Long> bucket : counts.entrySet()) {
      before += bucket.getValue();
      if (before >= rank) {
        return bucket.getKey() == 0 ? 0.5 : 2 * Math.pow(GROWTH, bucket.getKey()) / (GROWTH + 1);
      }
    }
    return null;
  }
}
