package io.orchestrator.queue;

/** A message that is no hint, and why; the reason quotes nothing of it. */
public record Unreadable(String why) implements ReadHint {}
