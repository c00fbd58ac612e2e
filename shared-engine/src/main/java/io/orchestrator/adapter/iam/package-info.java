/** The {@code iam} type of adapters: who somebody is, and what he may do. */
package io.orchestrator.adapter.iam;
