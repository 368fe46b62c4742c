/** One number of a metric, and the labels that tell it from its siblings. */
export interface Sample {
  readonly value: number;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Something that is measured: how it is called, what it means, and how its numbers are read from a program's state. */
export interface Metric<Facts> {
  /** A counter only grows while the process lives; a gauge goes both ways. */
  readonly kind: 'counter' | 'gauge';
  /** With its unit (`_seconds`, `_bytes`), and `_total` for a counter: https://prometheus.io/docs/practices/naming/ */
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  /** Its numbers now; none where there is nothing to say yet. */
  readonly read: (facts: Facts) => readonly Sample[];
}

/** How the answer of {@link createExposition} is to be called over HTTP. */
export const expositionType = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * Makes a function that gives all metrics of a process in the text format of Prometheus, read at that moment, with
 * those of the process itself (`process_*`, `nodejs_*`). Nothing is counted in between, and the library is not even
 * loaded before the first call.
 */
export function createExposition<Facts>(
  metrics: readonly Metric<Facts>[],
  readFacts: () => Facts,
): () => Promise<string> {
  let ownMetrics: Promise<ProcessMetrics> | undefined;
  return async () => {
    const { client, registry } = await (ownMetrics ??= observeProcess());
    const facts = readFacts();
    const fresh = new client.Registry();
    for (const metric of metrics) register(metric, metric.read(facts), { client, fresh });
    return `${await fresh.metrics()}\n${await registry.metrics()}`;
  };
}

type Client = typeof import('prom-client');

interface ProcessMetrics {
  readonly client: Client;
  readonly registry: import('prom-client').Registry;
}

async function observeProcess(): Promise<ProcessMetrics> {
  const client = await import('prom-client');
  const registry = new client.Registry();
  client.collectDefaultMetrics({ register: registry });
  return { client, registry };
}

/** A metric that has nothing to say is left out: without a number, the library would say 0. */
function register<Facts>(
  { kind, name, help, labels }: Metric<Facts>,
  samples: readonly Sample[],
  { client, fresh }: { readonly client: Client; readonly fresh: ProcessMetrics['registry'] },
): void {
  if (samples.length === 0) return;
  const settings = { name, help, labelNames: [...labels], registers: [fresh] };
  const set =
    kind === 'counter' ? addTo(new client.Counter(settings)) : setOf(new client.Gauge(settings));
  for (const { value, labels: its = {} } of samples) set(its, value);
}

type SetSample = (labels: Readonly<Record<string, string>>, value: number) => void;

function addTo(counter: import('prom-client').Counter): SetSample {
  return (labels, value) => {
    counter.inc(labels, value);
  };
}

function setOf(gauge: import('prom-client').Gauge): SetSample {
  return (labels, value) => {
    gauge.set(labels, value);
  };
}
