#!/usr/bin/env python3
"""report.py RESULTS [MAXLOAD]: medians of 'peer workload metric value' lines, and the promised figures against them, as Markdown.

A figure that compares times is called only if every run that it rests on began with a 1-minute load of at most MAXLOAD (2.5);
counts are called always, since they do not depend on the load."""
import collections
import statistics
import sys

US, STACK = 'orchestrator', 'orchestrator-stack'
METRICS = [
    'exec_s', 'steps_s', 'cpu_cores_used', 'rate_trigger_first_step_ms_p50', 'rate_trigger_first_step_ms_p95', 'rate_step_ms_p50',
    'rate_step_ms_p95', 'rate_e2e_ms_p95', 'rate_signal_step_ms_p95', 'backlog_fanout_ms_p50', 'backlog_fanout_ms_p95',
    'pg_commits_per_step', 'pg_rows_written_per_step', 'wal_bytes_per_step', 'wal_syncs_per_step', 'cpu_s_per_1000_steps_driver',
    'cpu_s_per_1000_steps_server', 'cpu_s_per_1000_steps_postgres', 'cpu_s_per_1000_steps_total', 'rss_mb_driver',
    'idle_pg_xacts_s', 'idle_cpu_cores', 'loadavg_before', 'steal_percent']

# workload, what is promised, whose metric, which metric, at most or at least, bound, the peer it is a multiple of (None: absolute), timed
TARGETS = [
    ('W1', US, 'exec_s', '>=', 3.0, 'dbos', True),
    ('W2', US, 'exec_s', '>=', 1.0, 'restate', True),
    ('W3', US, 'exec_s', '>=', 2.0, 'restate', True),
    ('W4', US, 'exec_s', '>=', 1.2, 'dbos', True),
    ('W5', US, 'exec_s', '>=', 0.7, 'dbos', True),
    ('W5', US, 'exec_s', '>=', 1.5, 'restate', True),
    ('W1', US, 'cpu_s_per_1000_steps_total', '<=', 0.5, 'dbos', True),
    ('W1', US, 'rate_trigger_first_step_ms_p95', '<=', 3.0, None, True),
    ('W1', US, 'rate_step_ms_p95', '<=', 1.5, None, True),
    ('W1', US, 'pg_commits_per_step', '<=', 0.6, None, False),
    ('W1', US, 'wal_bytes_per_step', '<=', 1100.0, None, False),
    ('W3', US, 'wal_bytes_per_step', '<=', 1100.0, None, False),
    ('W1', US, 'idle_pg_xacts_s', '<=', 1.0, None, False),
    ('W1', STACK, 'exec_s', '>=', 100.0, None, True),
    ('W1', STACK, 'rate_trigger_first_step_ms_p95', '<=', 60.0, None, True),
    ('W1', STACK, 'rate_step_ms_p95', '<=', 30.0, None, True),
]


def read(path):
    values = collections.OrderedDict()
    for line in open(path):
        fields = line.split()
        if len(fields) == 4 and fields[0] != '#':
            values.setdefault((fields[0], fields[1]), {}).setdefault(fields[2], []).append(float(fields[3]))
    return values


def shown(number):
    return '%.0f' % number if abs(number) >= 100 else '%.3g' % number


def tables(values):
    for workload in sorted({w for _, w in values}):
        peers = [p for p, w in values if w == workload]
        print(f'\n### {workload}\n\n| median of {max(len(v.get("exec_s", [])) for (p, w), v in values.items() if w == workload)} | '
              + ' | '.join(peers) + ' |\n|---' * 1 + '|---' * len(peers) + '|')
        for metric in METRICS:
            row = [values[p, workload].get(metric) for p in peers]
            if any(row):
                print(f'| {metric} | ' + ' | '.join(shown(statistics.median(r)) if r else '' for r in row) + ' |')


def targets(values, maxload):
    print('\n### Promised figures\n\n| workload | who | figure | promised | measured | ratio | kept |\n|---|---|---|---|---|---|---|')
    for workload, who, metric, relation, bound, peer, timed in TARGETS:
        mine = values.get((who, workload), {}).get(metric)
        other = values.get((peer, workload), {}).get(metric) if peer else [1.0]
        if not mine or not other:
            continue
        runs = [(who, workload)] + ([(peer, workload)] if peer else [])
        load = max(max(values[run].get('loadavg_before', [0])) for run in runs)
        measured, against = statistics.median(mine), statistics.median(other)
        promise = f'{relation} {shown(bound)}' + (f' x {peer} ({shown(against)})' if peer else '')
        if timed and load > maxload:
            ratio, kept = '', f'not called: load {load:.1f} > {maxload:g}'
        else:
            ratio = measured / against if against else float('inf')
            kept = 'yes' if (ratio >= bound if relation == '>=' else ratio <= bound) else '**no**'
            ratio = f'{ratio:.2f}' if peer else ''
        print(f'| {workload} | {who} | {metric} | {promise} | {shown(measured)} | {ratio} | {kept} |')


def main():
    values = read(sys.argv[1])
    failed = [f'{p} {w}' for (p, w), v in values.items() if 'failed' in v]
    tables(values)
    targets(values, float(sys.argv[2]) if len(sys.argv) > 2 else 2.5)
    if failed:
        print('\nFailed runs: ' + ', '.join(failed))


main()
