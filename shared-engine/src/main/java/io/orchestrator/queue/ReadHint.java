package io.orchestrator.queue;

/**
 * What a message turned out to be: a hint, or nothing that can be read (it belongs into the
 * dead-letter queue).
 */
public sealed interface ReadHint permits Hint, Unreadable {}
