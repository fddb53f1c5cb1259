// Events are named in a workflow and numbered at Klaviyo. A metric exists only after its first event, and two
// integrations may have metrics of one name: these are told apart by the integration in brackets, on both ways.

import { nearest, orKnown } from '../workflow/index.ts';
import type { Problems } from './problems.ts';
import type { KlaviyoMetric } from './types.ts';

/** One name for each metric id: its own, or with the integration (or else the id) in brackets where that is shared. */
export function metricNames(metrics: readonly KlaviyoMetric[]): Map<string, string> {
  const full = metrics.map((metric) => `${metric.name} (${metric.integration ?? metric.id})`);
  const times = (names: readonly string[], name: string) => names.filter((other) => other === name).length;
  const short = metrics.map((metric) => metric.name);
  return new Map(
    metrics.map((metric, i) => {
      if (times(short, metric.name) === 1) return [metric.id, metric.name];
      const name = full[i] as string;
      return [metric.id, times(full, name) === 1 ? name : `${metric.name} (${metric.id})`];
    }),
  );
}

/** The id of the metric an event is; a placeholder, with a problem, where there is none or more than one. */
export function metricId(metrics: readonly KlaviyoMetric[], event: string, at: string, problems: Problems): string {
  for (const [id, name] of metricNames(metrics)) if (name === event) return id;
  const known = [...metricNames(metrics).values()];
  const same = metrics.filter((metric) => metric.name === event);
  if (same.length > 1) {
    const names = known.filter((name) => name.startsWith(`${event} (`)).map((name) => `"${name}"`);
    problems.error(
      'AMBIGUOUS_METRIC',
      at,
      `This account has ${same.length} metrics named "${event}"; name one of them: ${names.join(', ')}.`,
    );
  } else {
    const near = nearest(event, known);
    const hint = near === null ? orKnown(event, known) : `The nearest is "${near}".`;
    const why = 'Klaviyo knows an event only after it was sent once';
    problems.error('UNKNOWN_METRIC', at, `This account has no metric "${event}". ${why}. ${hint}`.trim());
  }
  return 'UNKNOWN';
}

/** Klaviyo's own record of a sent email, or null where the account has none yet. */
export function receivedEmail(metrics: readonly KlaviyoMetric[]): string | null {
  const named = metrics.filter((metric) => metric.name === 'Received Email');
  const own = named.filter((metric) => metric.integration === 'Klaviyo');
  return (own[0] ?? (named.length === 1 ? named[0] : undefined))?.id ?? null;
}
