package io.orchestrator.execution;

import java.time.Duration;
import java.util.Map;

/**
 * What does not go back when a state is restored, and what begins anew with it.
 *
 * @param spent attempts that the restored state does not know of, by path: no number is used twice
 * @param calls how many were begun
 * @param used what they reported to have cost
 * @param timeout of the whole execution, counted from now; null if it has none
 * @param timeouts of the structures that are open, counted from now
 */
public record Tally(
    Map<String, Integer> spent,
    long calls,
    Usage used,
    Duration timeout,
    Map<String, Duration> timeouts) {}
