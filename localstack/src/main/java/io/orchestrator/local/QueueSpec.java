package io.orchestrator.local;

import java.time.Duration;
import java.util.Optional;

/**
 * One queue of the template; after {@code receiveCountMax} receives a message moves to the dead
 * letter queue, if there is one.
 */
public record QueueSpec(
    String id,
    String name,
    Duration visibility,
    Duration delay,
    Optional<String> deadLetter,
    int receiveCountMax) {}
