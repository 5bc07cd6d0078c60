/** The instruments of prom-client for declared metrics, in a registry of their own. */

import type { Registry } from 'prom-client';
import { Counter, Gauge, Histogram } from 'prom-client';
import type { MetricDeclaration } from './declared.ts';

type Declarations = Readonly<Record<string, MetricDeclaration>>;
type LabelOf<D extends MetricDeclaration> = Extract<keyof D['labels'], string>;

interface InstrumentByType<Label extends string> {
  readonly counter: Counter<Label>;
  readonly gauge: Gauge<Label>;
  readonly histogram: Histogram<Label>;
}

export type Instruments<D extends Declarations> = {
  readonly [Key in keyof D]: InstrumentByType<LabelOf<D[Key]>>[D[Key]['type']];
};

/** Make an instrument for each declaration. Series whose labels are all known begin at 0. */
export function createInstruments<D extends Declarations>(registry: Registry, declarations: D): Instruments<D> {
  const made = Object.entries(declarations).map(([key, declaration]) => [key, createInstrument(registry, declaration)]);
  return Object.fromEntries(made) as Instruments<D>;
}

function createInstrument(
  registry: Registry,
  { name, type, help, labels, buckets = [] }: MetricDeclaration,
): Counter | Gauge | Histogram {
  const configuration = { name, help, labelNames: Object.keys(labels), registers: [registry] };
  switch (type) {
    case 'counter': {
      const counter = new Counter(configuration);
      for (const series of knownSeries(labels)) counter.inc(series, 0);
      return counter;
    }
    case 'gauge': {
      const gauge = new Gauge(configuration);
      for (const series of knownSeries(labels)) gauge.set(series, 0);
      return gauge;
    }
    case 'histogram': {
      const histogram = new Histogram({ ...configuration, buckets: [...buckets] });
      for (const series of knownSeries(labels)) histogram.zero(series);
      return histogram;
    }
  }
}

/** Every combination of label values; none when the values of a label are not known. */
function knownSeries(labels: MetricDeclaration['labels']): readonly Record<string, string>[] {
  let series: readonly Record<string, string>[] = [{}];
  for (const [label, values] of Object.entries(labels)) {
    series = (values ?? []).flatMap((value) => series.map((known) => ({ ...known, [label]: value })));
  }
  return series;
}
