/** Actions that are made of OpenAPI documents. */
package io.orchestrator.adapter.openapi;
