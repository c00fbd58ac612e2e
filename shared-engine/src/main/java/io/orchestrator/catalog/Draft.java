package io.orchestrator.catalog;

/**
 * A text that somebody wants to publish or keep.
 *
 * @param format {@code yaml} or {@code json}
 * @param by the subject who wants it
 * @param asDraft only keep it
 * @param activate whether starts take it at once
 */
public record Draft(byte[] text, String format, String by, boolean asDraft, boolean activate) {}
