/**
 * Who calls and what they may do: bearer tokens, callers, permissions. Whatever is not granted is
 * denied.
 */
package io.orchestrator.access;
