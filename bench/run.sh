#!/usr/bin/env bash
# run.sh MODE WORKLOAD   e.g.  run.sh engine W1 ; run.sh stack W4 ; run.sh api API
# Prints lines "peer workload metric value" on standard output; all else goes to bench/target/run/log. See README.md for the knobs.
set -euo pipefail
mode=${1:-} workload=${2:-}
case $mode:$workload in
  engine:W[1-5] | stack:W[1-5] | api:API) ;;
  *) echo "usage: $0 engine|stack W1|W2|W3|W4|W5, or $0 api API" >&2; exit 2 ;;
esac
. "$(dirname "$0")/common.sh"

log=$work/log/$mode-$workload.log
peer=orchestrator
[ "$mode" = engine ] || peer=orchestrator-stack
# shellcheck disable=SC2086 # the options are several words
WORKLOAD=$workload PEER=$peer "$jdk/bin/java" ${DRIVER_OPTS:--Xmx1500m} --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  -Dorchestrator.home="$home" -cp "$classpath" io.orchestrator.bench.Main "$mode" 2>"$log" | tee -a "$log" |
  grep --line-buffered "^$peer $workload " || {
  echo "$peer $workload failed 1"
  tail -n 5 "$log" >&2
  exit 1
}
