/** docs/metrics.md, out of the declared metrics. */

import type { MetricDeclaration } from '../../src/report/metrics/declared.ts';
import { METRICS, PER_CONNECTOR } from '../../src/report/metrics/declared.ts';

/** Markdown; prettier aligns the tables. */
export function renderMetricsPage(): string {
  return [
    '<!-- Generated from src/report/metrics/declared.ts by "npm run generate". -->',
    '# Metrics',
    'The daemon answers `GET /metrics` in the text format of Prometheus. Names and labels are part of the interface. ' +
      'Durations are in seconds, times are Unix times in seconds. Where all values of a label are known, every series ' +
      'exists from the start with 0, so that `rate()` and `increase()` miss nothing.',
    'What is under way or stands (states, queue, brakes) is read at the scrape. There is no label for each connector: ten ' +
      'thousand connectors cost no more to store than ten. The setting `metrics.perConnector` adds one such metric.',
    '## All metrics',
    table(Object.values(METRICS)),
    '## Only with `metrics.perConnector`',
    table(Object.values(PER_CONNECTOR)),
    '## Questions and how to ask them',
    [
      '- Has a pass read files and API lately? `time() - databar_sync_last_success_timestamp_seconds > 300` ' +
        '(it is 0 before the first).',
      '- Is anything not as its file says? ' +
        '`sum by (state) (databar_sync_connectors{state!~"in_sync|suspended"}) > 0`',
      '- Does drift keep coming? `increase(databar_sync_drift_detected_total[1h])`',
      '- Does the API refuse us? `databar_sync_api_health{status="unauthorized"} == 1`',
      '- How slow is it? `histogram_quantile(0.95, sum by (le, operation) ' +
        '(rate(databar_sync_api_request_duration_seconds_bucket[5m])))`',
      '- Does a brake wait for somebody? `databar_sync_brake_blocked_changes > 0`',
      '- Which commit is in place where? `databar_sync_source_info`',
    ].join('\n'),
    '',
  ].join('\n\n');
}

function table(metrics: readonly MetricDeclaration[]): string {
  const rows = metrics.map(({ name, type, labels, help }) => [`\`${name}\``, type, describeLabels(labels), help]);
  const head = ['Metric', 'Type', 'Labels', 'Meaning'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function describeLabels(labels: MetricDeclaration['labels']): string {
  return Object.entries(labels)
    .map(([label, values]) => `\`${label}\`${values === null ? '' : `: ${values.join(', ')}`}`)
    .join('; ');
}
