#!/usr/bin/env bash
# cold-start.sh [REPEATS]: CPU seconds of a new StepRunnerFunction process until its first committed transition, and where they go.
# COLD_OPTIONS: more options of its JVM, e.g. -Xlog:class+load:file=/tmp/classes.log or -XX:StartFlightRecording=... (see README.md)
set -euo pipefail
. "$(dirname "$0")/common.sh"
log=$work/log/cold-start.log
REPEATS=${1:-5} "$jdk/bin/java" -Xmx512m --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  -Dorchestrator.home="$home" -cp "${COLD_CLASSPATH:-$home/functions/target/functions.jar:$classpath}" io.orchestrator.bench.ColdStart 2>"$log" |
  tee -a "$log" | grep --line-buffered '^orchestrator cold ' || {
  tail -n 5 "$log" >&2
  exit 1
}
grep '^orchestrator cold ' "$log" | awk '{ sum[$3] += $4; n[$3]++ } END { for (m in sum) printf "# mean of %d: %s %.3f\n", n[m], m, sum[m] / n[m] }' | sort -k5
