// A vendor's own description of its interface as a judge of both sides: what we send and what a stand-in answers.
// Without ../shared nothing is judged; the stand-in's own manners remain.

import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { hasShared, sharedPath } from './shared.ts';

// biome-ignore lint/suspicious/noExplicitAny: the vendor's description, walked by its own keys
type Description = any;

export class OpenApiContract {
  readonly #file: string;
  readonly #ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: false });
  readonly #made = new Map<string, ValidateFunction | null>();
  #api: Description = null;

  /** @param file in ../shared/esp: `mailchimp.openapi.json` */
  constructor(file: string) {
    this.#file = file;
  }

  /** What is wrong with a request; empty where nothing is. @param path without the base's own */
  requestErrors(method: string, path: string, query: URLSearchParams, body: unknown, type: string): string[] {
    if (!hasShared) return [];
    const [template, operation] = this.#find(method, path);
    if (operation === null) return [`there is no ${method} ${path}`];
    const known = (operation.parameters ?? []).map((one: { name: string }) => one.name);
    const strange = [...query.keys()].filter((name) => !known.includes(name));
    if (strange.length > 0) return strange.map((name) => `${method} ${template} has no parameter ${name}`);
    const content = operation.requestBody?.content;
    if (content === undefined) return body === null ? [] : [`${method} ${template} takes no body`];
    if (content[type] === undefined)
      return [`${method} ${template} takes ${Object.keys(content).join(', ')}, not ${type}`];
    const unknown = unknownKeys(this.#resolved(content[type].schema), body, (schema) => this.#resolved(schema));
    if (unknown.length > 0) return unknown.map((key) => `${method} ${template} knows no ${key}`);
    return this.#errors(`request ${method} ${template}`, content[type].schema, body);
  }

  /** What is wrong with an answer of the stand-in. */
  responseErrors(method: string, path: string, status: number, body: unknown): string[] {
    if (!hasShared || status >= 400) return [];
    const [template, operation] = this.#find(method, path);
    if (operation === null) return [];
    const response = operation.responses[String(status)];
    if (response === undefined) return [`${method} ${template} answers no ${status}`];
    const content = Object.values(response.content ?? {})[0] as { schema: Description } | undefined;
    if (content === undefined) return body === null ? [] : [`${method} ${template} answers ${status} without a body`];
    return this.#errors(`answer ${method} ${template} ${status}`, content.schema, body);
  }

  /** Whether a body is taken, for the cases whose verdict is given. */
  bodyErrors(method: string, template: string, body: unknown): string[] {
    const content = this.#description().paths[template]?.[method]?.requestBody?.content ?? {};
    const [first] = Object.values(content as Record<string, { schema: Description }>);
    if (first === undefined) throw new Error(`${method} ${template} has no body`);
    return this.#errors(`request ${method.toUpperCase()} ${template}`, first.schema, body);
  }

  #description(): Description {
    if (this.#api === null) {
      this.#api = JSON.parse(readFileSync(sharedPath('esp', this.#file), 'utf8'));
      this.#ajv.addSchema({ $id: 'api', components: this.#api.components });
    }
    return this.#api;
  }

  #find(method: string, path: string): [string, Description] {
    const parts = path.split('/');
    const { paths } = this.#description();
    const found = Object.keys(paths)
      .filter((template) => {
        const own = template.split('/');
        return own.length === parts.length && own.every((part, i) => part.startsWith('{') || part === parts[i]);
      })
      .sort((a, b) => a.split('{').length - b.split('{').length)[0];
    return found === undefined ? ['', null] : [found, paths[found][method.toLowerCase()] ?? null];
  }

  #resolved(schema: Description): Description {
    if (typeof schema?.$ref !== 'string') return schema ?? {};
    const parts: string[] = schema.$ref.split('/').slice(1);
    return this.#resolved(parts.reduce((node, part) => node[part], this.#description()));
  }

  #errors(key: string, schema: Description, body: unknown): string[] {
    let validate = this.#made.get(key);
    if (validate === undefined) {
      // Alternatives that overlap, where the vendor says "exactly one" and cannot mean it.
      const text = JSON.stringify(schema)
        .replaceAll('"#/components/', '"api#/components/')
        .replaceAll('"oneOf":', '"anyOf":');
      validate = this.#ajv.compile(JSON.parse(text));
      this.#made.set(key, validate);
    }
    if (validate === null || validate(body)) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${key}: ${instancePath} ${message}`);
  }
}

/** The vendors' schemas are open, so a misspelt key would pass; none of ours may. */
function unknownKeys(schema: Description, body: unknown, resolve: (schema: Description) => Description): string[] {
  if (Array.isArray(body)) return body.flatMap((one) => unknownKeys(resolve(schema.items ?? {}), one, resolve));
  if (typeof body !== 'object' || body === null || schema.properties === undefined) return [];
  return Object.entries(body).flatMap(([key, value]) => {
    const own = schema.properties[key];
    if (own === undefined) return schema.additionalProperties ? [] : [key];
    return unknownKeys(resolve(own), value, resolve).map((inner) => `${key}.${inner}`);
  });
}
