// What a running test needs from an account: its people with their arms, the events the workflow asks for, and the
// emails of the flow. Answers are put aside as they came, page by page, so that a reading interrupted anywhere goes on;
// what they mean is worked out afterwards, from the files. Which flow an email belongs to is told in up to three places,
// and which of them was used is told too; an account that tells none is refused, because nobody would seem emailed.

import { createReadStream, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { UserError } from '../../base/index.ts';
import {
  globalProperty,
  type HoldoutProperties,
  type KlaviyoMetric,
  metricNames,
  receivedEmail,
} from '../../esp/index.ts';
import { eventNamesOf, type Workflow } from '../../workflow/index.ts';
import { armOf } from './assign-people.ts';
import { isRecord, type KlaviyoClient, type Resource } from './klaviyo-client.ts';
import { eventsOf } from './pull.ts';
import { messagesOf } from './pull-flows.ts';
import { Spool } from './spool.ts';
import { eventLines, profileLines } from './spool-lines.ts';

/** `attribution`: a relationship the description has. The others stand in the properties of the event. */
export type EmailPlace = 'attribution' | '$flow' | '$message';

export interface TestData {
  /** Of people who carry one under the salt of the test, whoever drew it. */
  readonly arms: ReadonlyMap<string, 'treated' | 'holdout'>;
  /** Carry the mark of being held out of everything. */
  readonly heldOutOfAll: ReadonlySet<string>;
  /** When each person got emails of the flow, ms since the epoch. */
  readonly sends: ReadonlyMap<string, readonly number[]>;
  /** Emails of the flow by the place that said so; one email counts once, at the first place. */
  readonly places: Readonly<Record<EmailPlace, number>>;
  /** All emails the account sent in the time. */
  readonly emails: number;
  /** Lines to import; they lie in `folder`. */
  readonly files: readonly string[];
  readonly until: number;
  /** An earlier reading was interrupted and this one went on with it. */
  readonly wasInterrupted: boolean;
}

export interface TestRequest {
  readonly workflow: Workflow;
  readonly holdout: HoldoutProperties;
  readonly account: string;
  readonly metrics: readonly KlaviyoMetric[];
  readonly flow: { readonly id: string; readonly definition: unknown };
  /** The first event asked for, ms since the epoch. */
  readonly from: number;
  /** The flow can have sent from here on. */
  readonly begun: number;
  /** Where answers are put aside; whoever asked removes it once all is done. */
  readonly folder: string;
  readonly onProgress?:
    | ((progress: { stage: string; done: number; total: number | null; unit: string }) => void)
    | undefined;
}

/** @returns what was put aside, whole; interrupted, the next call goes on. */
export async function putAside(client: KlaviyoClient, request: TestRequest): Promise<Spool> {
  const { folder, account, workflow, metrics } = request;
  const received = receivedEmail(metrics);
  if (received === null) {
    throw new UserError(
      'NOTHING_SENT',
      'The account has no metric "Received Email", so it has never sent an email, and nobody was treated. Is the flow live?',
    );
  }
  const names = metricNames(metrics);
  const asked = new Set(eventNamesOf(workflow).map(({ event }) => event));
  const wanted = metrics.filter(({ id, name }) => id === received || asked.has(names.get(id) ?? name));
  const spool = openSpool(folder, account, Math.floor(client.clock.now() / 1000) * 1000, request.from);
  const asIs = (resource: Resource) => [JSON.stringify(resource)];
  const query = () => ({ 'additional-fields[profile]': 'subscriptions', 'page[size]': '100', sort: 'id' });
  await spool.fill(client, { name: 'people', path: '/api/profiles', query, lines: asIs }, (done) =>
    request.onProgress?.({ stage: 'reading people', done, total: null, unit: 'people' }),
  );
  for (const { id, name } of wanted) {
    const events = eventsOf(id, asIs, spool.from);
    const part =
      id === received
        ? {
            ...events,
            query: (since: number | null, until: number) => ({
              ...events.query(since, until),
              include: 'attributions',
            }),
          }
        : events;
    await spool.fill(client, part, (done) =>
      request.onProgress?.({ stage: `reading "${names.get(id) ?? name}"`, done, total: null, unit: 'events' }),
    );
  }
  return spool;
}

/** What was put aside means. @throws UserError where no email says which flow it belongs to */
export async function readTest(spool: Spool, request: TestRequest): Promise<TestData> {
  const reading = new Reading(request, spool.until, receivedEmail(request.metrics));
  for (const path of spool.files) await reading.take(path, join(request.folder, 'lines'));
  return { ...reading.done(), until: spool.until, wasInterrupted: spool.wasInterrupted };
}

/** What was put aside for another account or from another moment on is of no use. */
function openSpool(folder: string, account: string, now: number, from: number): Spool {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return Spool.open(folder, account, now, from);
  } catch (error) {
    const isOther =
      error instanceof UserError && ['OTHER_ACCOUNT', 'OTHER_START', 'SPOOL_GONE', 'BAD_SPOOL'].includes(error.code);
    if (!isOther) throw error;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return Spool.open(folder, account, now, from);
  }
}

class Reading {
  readonly #request: TestRequest;
  readonly #until: number;
  readonly #received: string | null;
  readonly #messages: ReadonlySet<string>;
  readonly #metrics: ReadonlyMap<string, KlaviyoMetric>;
  readonly #names: ReadonlyMap<string, string>;
  readonly #arms = new Map<string, 'treated' | 'holdout'>();
  readonly #heldOutOfAll = new Set<string>();
  readonly #sends = new Map<string, number[]>();
  readonly #places: Record<EmailPlace, number> = { attribution: 0, $flow: 0, $message: 0 };
  readonly #seen = new Set<string>();
  readonly #files: string[] = [];
  #telling = 0;

  constructor(request: TestRequest, until: number, received: string | null) {
    this.#request = request;
    this.#until = until;
    this.#received = received;
    this.#messages = new Set(messagesOf(request.flow.definition));
    this.#metrics = new Map(request.metrics.map((metric) => [metric.id, metric]));
    this.#names = metricNames(request.metrics);
  }

  /** @param folder where the lines to import go */
  async take(path: string, folder: string): Promise<void> {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, `${this.#files.length}.jsonl`);
    writeFileSync(file, '', { mode: 0o600 });
    let lines: string[] = [];
    const flush = () => {
      writeFileSync(file, lines.map((line) => `${line}\n`).join(''), { flag: 'a' });
      lines = [];
    };
    for await (const text of createInterface({
      input: createReadStream(path, 'utf8'),
      crlfDelay: Number.POSITIVE_INFINITY,
    })) {
      const resource = JSON.parse(text) as Resource;
      lines.push(...(resource.type === 'profile' ? this.#person(resource) : this.#event(resource)));
      if (lines.length >= 10_000) flush();
    }
    flush();
    this.#files.push(file);
  }

  done(): Omit<TestData, 'until' | 'wasInterrupted'> {
    if (this.#seen.size > 0 && this.#telling === 0) {
      throw new UserError(
        'EMAILS_UNTOLD',
        `The account sent ${this.#seen.size} emails in this time, and none says which flow it belongs to: neither its attribution nor "$flow" or "$message" among its properties. Who was emailed cannot be told, so no table is made.`,
      );
    }
    return {
      arms: this.#arms,
      heldOutOfAll: this.#heldOutOfAll,
      sends: this.#sends,
      places: this.#places,
      emails: this.#seen.size,
      files: this.#files,
    };
  }

  #person(profile: Resource): string[] {
    const { holdout, workflow } = this.#request;
    const properties = isRecord(profile.attributes['properties']) ? profile.attributes['properties'] : {};
    const arm = armOf(properties, holdout);
    if (arm !== null) this.#arms.set(profile.id, arm);
    const global = workflow.globalHoldout;
    if (global !== null && properties[globalProperty(global.salt)] === 'holdout') this.#heldOutOfAll.add(profile.id);
    // What the flow itself writes says nothing about who was eligible.
    const own = Object.entries(properties).filter(([key]) => !key.startsWith('foresend_'));
    const cleaned = { ...profile, attributes: { ...profile.attributes, properties: Object.fromEntries(own) } };
    return profileLines(cleaned, this.#until, 'created');
  }

  #event(event: Resource): string[] {
    const metric = idOf(event, 'metric');
    const known = metric === null ? undefined : this.#metrics.get(metric);
    if (metric === null || known === undefined) return [];
    if (metric === this.#received) this.#email(event);
    return eventLines(event, known, this.#names.get(metric) ?? known.name);
  }

  #email(event: Resource): void {
    const { timestamp } = event.attributes;
    const person = idOf(event, 'profile');
    const time = typeof timestamp === 'number' ? timestamp * 1000 : null;
    if (this.#seen.has(event.id) || time === null || person === null || time < this.#request.begun) return;
    this.#seen.add(event.id);
    const { place, isTelling } = this.#placeOf(event);
    if (isTelling) this.#telling++;
    if (place === null) return;
    this.#places[place]++;
    const times = this.#sends.get(person);
    if (times === undefined) this.#sends.set(person, [time]);
    else times.push(time);
  }

  /** Where it says that it is of the flow; null where it is not, or does not say. */
  #placeOf(event: Resource): { place: EmailPlace | null; isTelling: boolean } {
    const { id } = this.#request.flow;
    const given = event.attributes['event_properties'];
    const properties = isRecord(given) ? given : {};
    const attributions = event.included ?? [];
    const $flow = textOf(properties['$flow']);
    const $message = textOf(properties['$message']);
    const isTelling = attributions.length > 0 || $flow !== null || $message !== null;
    const isOurs = (one: Resource) => idOf(one, 'flow') === id || this.#messages.has(idOf(one, 'flow-message') ?? '');
    if (attributions.some(isOurs)) return { place: 'attribution', isTelling };
    if ($flow === id) return { place: '$flow', isTelling };
    return { place: $message !== null && this.#messages.has($message) ? '$message' : null, isTelling };
  }
}

function idOf({ relationships }: Resource, name: string): string | null {
  const data = relationships?.[name]?.data;
  return isRecord(data) ? textOf(data['id']) : null;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
