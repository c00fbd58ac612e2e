#!/usr/bin/env bash
# side-by-side.sh PEERS_DIR [REPEATS] [LIST]
# Runs peers and us alternately on the same PostgreSQL (PEERS_DIR/bin/pg.sh), REPEATS times (3), and prints medians and ratios as Markdown.
# LIST: words PEER:WORKLOAD[:N], ours are orchestrator and orchestrator-stack; default: what the promised figures compare.
# Environment: RESULTS (file of all lines; appended, so an interrupted series can go on), MAXLOAD (2.5: no ratio is called from runs that
# began above it), WAIT_S (300: how long to wait for a lower load before each run), and the knobs of run.sh.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd -P)
peers=${1:?usage: side-by-side.sh PEERS_DIR [REPEATS] [LIST]}
repeats=${2:-3}
list=${3:-dbos:W1 orchestrator:W1 restate:W2 orchestrator:W2 restate:W3 orchestrator:W3 dbos:W4 orchestrator:W4 \
  dbos:W5 restate:W5 orchestrator:W5 orchestrator-stack:W1 orchestrator-stack:W4}
. "$here/common.sh"

results=${RESULTS:-$work/side-by-side-$(date -u +%Y%m%dT%H%M%S).txt}
maxload=${MAXLOAD:-2.5}
export PGPORT=${PGPORT:-55432} PGUSER=bench JAVA_HOME=$jdk

calm() { # waits until the 1-minute load is below the limit, in vain at most WAIT_S seconds
  local waited=0
  until awk -v most="$maxload" '{ exit !($1 < most) }' /proc/loadavg || [ "$waited" -ge "${WAIT_S:-300}" ]; do
    sleep 5
    waited=$((waited + 5))
  done
}

cpu() { # all and stolen ticks of all processors since the start of the machine
  awk '/^cpu /{ print $2 + $3 + $4 + $5 + $6 + $7 + $8 + $9, $9 }' /proc/stat
}

ours() { # PEER WORKLOAD
  local mode=engine
  [ "$1" = orchestrator ] || mode=stack
  "$peers/bin/pg.sh" start
  PG_PID=$("$peers/bin/pg.sh" pid)
  export PG_PID PGDATABASE=bench_${1//-/_}
  "$peers/bin/pg.sh" reset "$PGDATABASE"
  "$here/run.sh" "$mode" "$2"
}

for round in $(seq 1 "$repeats"); do
  for entry in $list; do
    IFS=: read -r peer workload n <<<"$entry"
    calm
    echo "# round $round $peer $workload load $(cut -d' ' -f1-3 /proc/loadavg)" | tee -a "$results" >&2
    read -r all stolen < <(cpu)
    (
      [ -z "$n" ] || export N=$n
      case $peer in
        orchestrator | orchestrator-stack) ours "$peer" "$workload" ;;
        *) "$peers/run.sh" "$peer" "$workload" ;;
      esac
    ) >>"$results" || echo "$peer $workload failed 1" >>"$results"
    cpu | awk -v who="$peer $workload" -v all="$all" -v stolen="$stolen" \
      '{ printf "%s steal_percent %.1f\n", who, 100 * ($2 - stolen) / ($1 - all) }' >>"$results"
  done
done
python3 "$here/report.py" "$results" "$maxload"
echo "All lines: $results" >&2
