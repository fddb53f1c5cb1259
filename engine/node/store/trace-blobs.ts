// The trace of an import (see import/trace.ts) beside the columns of its dataset: a small header, and blobs that nothing
// reads until a later import is to join the dataset.

import type { ImportTrace } from '../import/index.ts';
import type { StoredTrace } from '../stored/index.ts';
import type { BlobReader, BlobWriter } from './blobs.ts';
import { type DictionaryHeader, readDictionary, writeDictionary } from './history-blobs.ts';

export interface TraceHeader {
  /** Of the identities as JSON, in bytes. */
  readonly identityBytes: number;
  readonly hasIds: boolean;
  readonly hasRests: boolean;
  /** Words. */
  readonly said: number;
  readonly settings: {
    readonly count: number;
    readonly names: readonly string[];
    readonly values: DictionaryHeader;
  } | null;
}

/** Pauses behind each part that is written. */
export function* writeTrace(
  { identity, ids, rests, said, settings }: StoredTrace,
  blobs: BlobWriter,
): Generator<void, TraceHeader> {
  const text = new TextEncoder().encode(JSON.stringify(identity));
  yield* blobs.put('trace.identity', text);
  if (ids !== null) yield* blobs.put('trace.ids', ids);
  if (rests !== null) yield* blobs.put('trace.rests', rests);
  if (said !== null) yield* blobs.put('trace.said', said);
  const head = {
    identityBytes: text.length,
    hasIds: ids !== null,
    hasRests: rests !== null,
    said: said?.length ?? 0,
  };
  if (settings === null) return { ...head, settings: null };
  yield* blobs.put('trace.setting.start', settings.personStart);
  yield* blobs.put('trace.setting.time', settings.times);
  yield* blobs.put('trace.setting.property', settings.properties);
  yield* blobs.put('trace.setting.value', settings.valueCodes);
  const values = yield* writeDictionary(settings.values, blobs, 'trace.setting.values');
  return { ...head, settings: { count: settings.times.length, names: settings.propertyNames, values } };
}

export function readTrace(header: TraceHeader, nPersons: number, nEvents: number, blobs: BlobReader): ImportTrace {
  return {
    ...readTraceOf(header, nPersons, blobs),
    ids: header.hasIds ? blobs.get('trace.ids', Uint32Array, 2 * nEvents) : null,
    rests: header.hasRests ? blobs.get('trace.rests', Uint32Array, 2 * nEvents) : null,
  };
}

/** What does not grow with the events. */
export function readTraceOf(
  header: TraceHeader,
  nPersons: number,
  blobs: BlobReader,
): Omit<ImportTrace, 'ids' | 'rests'> {
  const { settings } = header;
  const identity = new TextDecoder().decode(blobs.get('trace.identity', Uint8Array, header.identityBytes));
  return {
    identity: JSON.parse(identity) as ImportTrace['identity'],
    said: header.said === 0 ? null : blobs.get('trace.said', Uint32Array, header.said),
    settings:
      settings === null
        ? null
        : {
            personStart: blobs.get('trace.setting.start', Uint32Array, nPersons + 1),
            times: blobs.get('trace.setting.time', Float64Array, settings.count),
            properties: blobs.get('trace.setting.property', Uint16Array, settings.count),
            propertyNames: settings.names,
            valueCodes: blobs.get('trace.setting.value', Uint32Array, settings.count),
            values: readDictionary(settings.values, blobs, 'trace.setting.values'),
          },
  };
}
