// An account to resolve workflows against, and the vendor's own description as a judge of what we write.

import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { type KlaviyoCurrent, type KlaviyoLookup, metricNames } from '../../../engine/esp/index.ts';
import { checkWorkflow, eventNamesOf, type Workflow } from '../../../engine/workflow/index.ts';
import { sharedPath } from '../../helpers/shared.ts';

export function checked(file: unknown): Workflow {
  const { workflow, issues } = checkWorkflow(file);
  if (workflow === null) throw new Error(JSON.stringify(issues));
  return workflow;
}

export function fixture(name: string): Record<string, unknown> {
  const path = new URL(`../../../fixtures/workflows/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
}

/** Has a metric for each event named, and whatever else a workflow asks for. */
export function account(events: readonly string[], parts: Partial<KlaviyoLookup> = {}): KlaviyoLookup {
  const names = [...new Set([...events, 'Received Email'])];
  return {
    accountId: 'ACC1',
    metrics: names.map((name, i) => ({
      id: `M${String(i).padStart(5, '0')}`,
      name,
      integration: name === 'Received Email' ? 'Klaviyo' : 'API',
    })),
    groups: [{ id: 'SEG001', name: 'at-risk', kind: 'segment' }],
    templateIds: ['AbC123'],
    sender: { fromEmail: 'shop@example.com', fromLabel: 'Example Shop', replyTo: null },
    timezone: 'America/New_York',
    ...parts,
  };
}

export function accountFor(workflow: Workflow, parts: Partial<KlaviyoLookup> = {}): KlaviyoLookup {
  return account(
    eventNamesOf(workflow).map(({ event }) => event),
    parts,
  );
}

export function nothingIn(lookup: KlaviyoLookup): KlaviyoCurrent {
  return { ...lookup, flows: [], templates: [], segments: [] };
}

export function namesOf(lookup: KlaviyoLookup): Map<string, string> {
  return metricNames(lookup.metrics);
}

export interface ContractCase {
  readonly vendor: string;
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly schemaValid: boolean;
  readonly note?: string;
}

export function contractCases(): ContractCase[] {
  const { cases } = JSON.parse(readFileSync(sharedPath('esp', 'contract-cases.json'), 'utf8')) as {
    cases: ContractCase[];
  };
  return cases.filter(({ vendor }) => vendor === 'klaviyo');
}

/** Validators of request bodies, made once for each operation: the whole description is large. */
export class VendorSchema {
  readonly #ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: false });
  readonly #made = new Map<string, ValidateFunction>();
  // biome-ignore lint/suspicious/noExplicitAny: the vendor's description, walked by its own keys
  readonly #api: any;

  constructor() {
    this.#api = JSON.parse(readFileSync(sharedPath('esp', 'klaviyo.openapi.json'), 'utf8'));
    this.#ajv.addSchema({ $id: 'klaviyo', components: this.#api.components });
  }

  /** @returns what is wrong with a body, as the vendor's schema sees it; empty where nothing is */
  errors(method: string, path: string, body: unknown): string[] {
    const key = `${method} ${path}`;
    let validate = this.#made.get(key);
    if (validate === undefined) {
      const content = this.#api.paths[path][method].requestBody.content;
      const [media] = Object.values(content as Record<string, { schema: { $ref: string } }>);
      if (media === undefined) throw new Error(`${key} has no body`);
      const { $ref } = media.schema;
      validate = this.#ajv.compile({ $ref: `klaviyo${$ref}` });
      this.#made.set(key, validate);
    }
    if (validate(body)) return [];
    return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
  }
}
