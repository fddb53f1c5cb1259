// Answers of Klaviyo's events API that were kept as files (https://developers.klaviyo.com/en/reference/get_events): pages
// of JSON:API objects, in which an event names its metric by id only. The name stands among what the page includes, or in
// a file with the metrics (https://developers.klaviyo.com/en/reference/get_metrics), or nowhere; profiles come the same
// two ways. All become the lines that reading an account gives (see esp/spool-lines.ts), each file's of its own.

import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { exactPlural, UserError } from '../../base/index.ts';
import type { KlaviyoMetric } from '../../esp/index.ts';
import type { Resource } from '../esp/klaviyo-client.ts';
import { isObject, type JsonObject } from './json-shape.ts';
import { readChunks, readSample, type Source, sourceOf } from './sources.ts';

export interface LaidOut {
  readonly sources: readonly Source[];
  /** Names of the account's own emails. */
  readonly emailEvents: readonly string[];
  readonly warnings: readonly string[];
  /** Files of which no line became a row of the history, and why. */
  readonly aside: readonly { readonly source: Source; readonly why: string }[];
}

const SAMPLE = 1 << 16;
/** A file is parsed as a whole. */
const MOST_BYTES = 256 << 20;

/** @returns null where none of the files holds pages of events @param inFolder the path of a file for what is laid out */
export async function klaviyoPages(
  sources: readonly Source[],
  inFolder: (name: string) => string,
): Promise<LaidOut | null> {
  const heads: string[] = [];
  for (const source of sources) {
    if (source.compression === 'zip' || source.compression === 'parquet') heads.push('');
    else heads.push((await readSample(source, SAMPLE)).sample.toString('utf8'));
  }
  if (!heads.some((head) => isPageOf(head, 'event') && head.includes('"event_properties"'))) return null;
  const { eventLines, isOwnEmail, profileLines } = await import('../esp/spool-lines.ts');
  const { metricNames } = await import('../../esp/index.ts');
  const pages = sources.filter((_, i) => ['event', 'metric', 'profile'].some((type) => isPageOf(heads[i] ?? '', type)));
  const metrics = new Map<string, KlaviyoMetric>();
  const unnamed = new Set<string>();
  let last = 0;
  for (const source of pages) {
    for (const { resource, included } of await resourcesOf(source)) {
      for (const one of [resource, ...included]) {
        if (one.type === 'metric') metrics.set(one.id, metricOf(one));
        const seconds = one.type === 'event' ? one.attributes['timestamp'] : null;
        if (typeof seconds === 'number') last = Math.max(last, seconds * 1000);
      }
    }
  }
  const names = metricNames([...metrics.values()]);
  const known = new Set<string>();
  const laidOut: Source[] = [];
  const aside: { source: Source; why: string }[] = [];
  for (const source of sources) {
    if (!pages.includes(source)) {
      laidOut.push(source);
      continue;
    }
    const lines: string[] = [];
    const people = new Map<string, Resource>();
    for (const { resource, included } of await resourcesOf(source)) {
      for (const one of [resource, ...included]) if (one.type === 'profile') people.set(one.id, one);
      if (resource.type !== 'event') continue;
      const id = metricIdOf(resource);
      const name = names.get(id) ?? id;
      if (!names.has(id)) unnamed.add(id);
      // What is included beside says nothing of who is credited.
      const credits = included.filter(({ type }) => type === 'attribution');
      const metric = metrics.get(id) ?? { id, name, integration: null };
      const made = eventLines({ ...resource, included: credits }, metric, name);
      // Set aside where rows are: without a person, or a time.
      lines.push(...(made.length > 0 ? made : [JSON.stringify(asItIs(resource, name))]));
    }
    for (const profile of people.values()) {
      // The same profile is included in page after page.
      const said = profileLines(profile, last).filter((line) => !known.has(line));
      for (const line of said) known.add(line);
      lines.push(...said);
    }
    if (lines.length === 0) {
      aside.push({ source, why: 'it holds names of metrics only, which were taken from it' });
      continue;
    }
    const to = inFolder(`klaviyo-${laidOut.length}.ndjson`);
    await pipeline(function* () {
      for (const line of lines) yield `${line}\n`;
    }, createWriteStream(to));
    const { name, original, isNamed } = source;
    laidOut.push({ ...sourceOf(to), name, original, isNamed });
  }
  return {
    sources: laidOut,
    emailEvents: [...metrics.values()].filter(isOwnEmail).map(({ id }) => names.get(id) ?? id),
    warnings:
      unnamed.size === 0
        ? []
        : [
            `${exactPlural(unnamed.size, 'metric has', 'metrics have')} no name in these files, so events have the id (such as "${[...unnamed][0]}"), and emails of the account cannot be told from activity. Ask for the events with include=metric, or import the answer of /api/metrics with them.`,
          ],
    aside,
  };
}

function isPageOf(head: string, type: string): boolean {
  return (
    /^[\s\ufeff]*[[{]/.test(head) && new RegExp(`"type"\\s*:\\s*"${type}"`).test(head) && /"attributes"\s*:/.test(head)
  );
}

interface Found {
  readonly resource: Resource;
  readonly included: readonly Resource[];
}

/** Of every page in a file: one, a list of them, or one a line. */
async function resourcesOf(source: Source): Promise<Found[]> {
  const { resourceOf, withIncluded } = await import('../esp/klaviyo-client.ts');
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of readChunks(source)) {
    parts.push(chunk);
    length += chunk.length;
    if (length > MOST_BYTES) {
      throw new UserError(
        'TOO_LARGE',
        `${source.original.path} is larger than 256 MB; keep each page in a file of its own.`,
      );
    }
  }
  const text = Buffer.concat(parts)
    .toString('utf8')
    .replace(/^\ufeff/, '');
  const bad = (why: string) =>
    new UserError('BROKEN_PAGE', `${source.original.path} looks like an answer of Klaviyo's API, but ${why}.`);
  const found: Found[] = [];
  for (const page of valuesIn(text, bad)) {
    const data = isObject(page) && 'data' in page ? page['data'] : page;
    const resources = (Array.isArray(data) ? data : [data]).map((one) => {
      if (!isResource(one)) throw bad('holds something that is no object of it, with a type and an id');
      return resourceOf(one);
    });
    const included = isObject(page) && Array.isArray(page['included']) ? page['included'].filter(isResource) : [];
    for (const resource of withIncluded(resources, included))
      found.push({ resource, included: resource.included ?? [] });
    // What no event of the page names is told all the same.
    for (const one of included) found.push({ resource: resourceOf(one), included: [] });
  }
  return found;
}

function valuesIn(text: string, bad: (why: string) => UserError): unknown[] {
  try {
    const whole: unknown = JSON.parse(text);
    return Array.isArray(whole) ? whole : [whole];
  } catch {
    return text.split('\n').flatMap((line, i) => {
      if (line.trim() === '') return [];
      try {
        return [JSON.parse(line) as unknown];
      } catch {
        throw bad(`is no JSON at line ${i + 1}`);
      }
    });
  }
}

function isResource(value: unknown): value is JsonObject {
  return isObject(value) && typeof value['type'] === 'string' && typeof value['id'] === 'string';
}

function metricOf({ id, attributes }: Resource): KlaviyoMetric {
  const { name, integration } = attributes;
  const from = isObject(integration) ? integration['name'] : null;
  return { id, name: typeof name === 'string' ? name : id, integration: typeof from === 'string' ? from : null };
}

function metricIdOf({ relationships }: Resource): string {
  const metric = relationships?.['metric']?.data;
  return isObject(metric) && typeof metric['id'] === 'string' ? metric['id'] : 'unknown';
}

function asItIs({ id, attributes, relationships }: Resource, metric: string): JsonObject {
  const profile = relationships?.['profile']?.data;
  return {
    klaviyo: 'event',
    id,
    metric,
    ...(isObject(profile) ? { person: profile['id'] } : {}),
    time: attributes['timestamp'] ?? attributes['datetime'],
  };
}
