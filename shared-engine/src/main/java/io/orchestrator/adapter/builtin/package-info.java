/**
 * The types of adapters that are built in: what is known of a service, written in the language of
 * definitions, so that a tenant's own definition of it says only what is different.
 */
package io.orchestrator.adapter.builtin;
