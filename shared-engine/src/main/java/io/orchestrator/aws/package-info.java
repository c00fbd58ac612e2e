/** How clients of AWS services are opened. */
package io.orchestrator.aws;
