#!/usr/bin/env bash
# adapters.sh   What the road of an adapter's call costs, and what a slow service does to another's calls; half a minute.
# Prints lines "adapters metric value"; all else goes to bench/target/run/log. See README.md.
set -euo pipefail
. "$(dirname "$0")/common.sh"

"$jdk/bin/java" ${DRIVER_OPTS:--Xmx512m} --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  -cp "$classpath" io.orchestrator.bench.AdapterFigures 2>"$work/log/adapters.log" | tee -a "$work/log/adapters.log" | grep '^adapters '
