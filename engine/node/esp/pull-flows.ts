// The flows of an account: read as workflows, kept with the dataset they were pulled with, and as files where a folder is
// named. What has no words here stays beside the workflow as it stood.

import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ReadFlow, workflowOfFlow } from '../../esp/index.ts';
import { formatWorkflow, type WorkflowFile } from '../../workflow/index.ts';
import { fileError, writeWhole } from '../files.ts';
import { isRecord, type KlaviyoClient } from './klaviyo-client.ts';
import { readFlow, readGroups, type readMetrics } from './read-account.ts';

/** A flow as it was read: what the dataset keeps of it. */
export interface KeptFlow {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  /** Ids of its messages. */
  readonly messages: readonly string[];
  /** Null where it has no words here. */
  readonly workflow: WorkflowFile | null;
  /** What has no words here. */
  readonly unexpressed: readonly Pick<ReadFlow['unexpressed'][number], 'at' | 'words'>[];
}

export interface FlowFiles {
  /** Written, or left because it was changed since; null where there is no workflow or no folder. */
  readonly file: string | null;
  readonly isWritten: boolean;
  /** Where the flow stands as Klaviyo has it. */
  readonly verbatim: string | null;
}

/** @param out folder for files; null: none are written */
export async function pullFlows(
  client: KlaviyoClient,
  timezone: string | null,
  metrics: Awaited<ReturnType<typeof readMetrics>>,
  out: string | null,
): Promise<(KeptFlow & FlowFiles)[]> {
  const listed = (await client.all('/api/flows')).filter(({ attributes }) => attributes['archived'] !== true);
  if (listed.length === 0) return [];
  const { groups, segments } = await readGroups(client);
  const definitions = Object.fromEntries(segments.map(({ id, definition }) => [id, definition]));
  const pulled: (KeptFlow & FlowFiles)[] = [];
  for (const { id } of listed) {
    const flow = await readFlow(client, id);
    if (flow === null) continue;
    const read = workflowOfFlow(flow, { metrics, groups, timezone, segments: definitions });
    const { name, status, definition } = flow;
    const unexpressed = read.unexpressed.map(({ at, words }) => ({ at, words }));
    const kept = { id, name, status, messages: messagesOf(definition), workflow: read.workflow, unexpressed };
    if (out === null) {
      pulled.push({ ...kept, file: null, isWritten: false, verbatim: null });
      continue;
    }
    const stem = join(out, flowFileName(String(read.workflow?.['id'] ?? name), id));
    const verbatim = `${stem}.flow.json`;
    write(
      out,
      verbatim,
      `${JSON.stringify({ id, name, status, definition, ...read, workflow: undefined }, null, 2)}\n`,
    );
    const file = read.workflow === null ? null : `${stem}.json`;
    const isWritten =
      file !== null && read.workflow !== null && writeUnlessEdited(out, file, formatWorkflow(read.workflow));
    pulled.push({ ...kept, file, isWritten, verbatim });
  }
  return pulled;
}

/** Ids of the messages that a flow's emails are. */
export function messagesOf(definition: unknown): string[] {
  const actions = isRecord(definition) && Array.isArray(definition['actions']) ? definition['actions'] : [];
  return actions.flatMap((action: unknown) => {
    const data = isRecord(action) && isRecord(action['data']) ? action['data'] : {};
    const message = isRecord(data['message']) ? data['message'] : {};
    return typeof message['id'] === 'string' ? [message['id']] : [];
  });
}

/** The file of a flow's workflow in a folder; made where it is not there, and left as it was edited. */
export function flowFile(folder: string, { id, name, workflow }: KeptFlow, text: string): string {
  const path = `${join(folder, flowFileName(String(workflow?.['id'] ?? name), id))}.json`;
  if (!existsSync(path)) write(folder, path, text);
  return path;
}

/** Without its ending. Flows of one name stay apart by their id. */
export function flowFileName(name: string, id: string): string {
  const words = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return `${words === '' ? 'flow' : words}.${id.replace(/[^A-Za-z0-9]/g, '')}`;
}

/** For its owner alone: what is pulled is about people. */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw fileError(error, path);
  }
}

/** A workflow that a person has worked on since is theirs. */
function writeUnlessEdited(folder: string, path: string, text: string): boolean {
  if (existsSync(path) && readFileSync(path, 'utf8') !== text) return false;
  write(folder, path, text);
  return true;
}

function write(folder: string, path: string, text: string): void {
  makeFolder(folder);
  writeWhole(path, text);
}
