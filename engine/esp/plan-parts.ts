// The lines of a plan for templates and segments. One that a live flow may use is not changed under it: it is created
// anew for the new draft.

import { canonicalText, hashOf } from './canonical.ts';
import type { LocatedObjects } from './locate.ts';
import { markedName, titleOf } from './marker.ts';
import { normalFilter, normalHtml } from './normal.ts';
import type { FlowPlan } from './plan-flow.ts';
import { createSegment, createTemplate, updateAction, updateSegment, updateTemplate } from './requests.ts';
import { readHashOf } from './state.ts';
import type {
  Changed,
  CurrentTemplate,
  DesiredKlaviyo,
  DesiredSegment,
  DesiredTemplate,
  EspState,
  KlaviyoCurrent,
  ObjectKey,
  PlanAction,
  PlannedRequest,
} from './types.ts';
import { filterText } from './words.ts';

export interface Step {
  readonly desired: DesiredKlaviyo;
  readonly current: KlaviyoCurrent;
  readonly state: EspState | null;
  readonly located: LocatedObjects;
}

export function planTemplate(step: Step, template: DesiredTemplate, flow: FlowPlan): PlanAction {
  const { current, located } = step;
  const there = located.byKey.get(template.key);
  const read = there === undefined ? undefined : current.templates.find(({ id }) => id === there.id);
  const wantedHash = hashOf(normalHtml(template.html));
  const base = { key: template.key, type: 'template' as const, wantedHash };
  const after = `${textLength(template.html)} characters of text`;
  if (there === undefined || read === undefined) {
    const why = located.deleted.has(template.key) ? 'It was deleted in Klaviyo.' : null;
    return created(
      base,
      template.name,
      why,
      [{ what: 'Text', before: null, after }],
      [createTemplate(template, template.name)],
    );
  }
  if (isTemplateAsWanted(step, template, read)) {
    return left(base, there.name);
  }
  const changes = [{ what: 'Text', before: `${textLength(read.html ?? '')} characters of text`, after }];
  if (flow.keepsOld) {
    const name = renamed(step, template.key, template.name, there.generation + 1);
    const why = 'The live flow may use the present one, so the new draft gets its own.';
    return created(base, name, why, changes, [createTemplate(template, name)]);
  }
  const requests: PlannedRequest[] = [updateTemplate(there.id, { name: there.name, html: template.html })];
  // A flow may hold a copy of its template, so its email is pointed at the changed one again.
  for (const { wanted, found } of flow.emails) {
    const uses = wanted.type === 'send-email' && wanted.data.message.template_id === `{{${template.key}}}`;
    if (uses && !flow.isRewritten)
      requests.push(updateAction(String(found['id']), withMessageId(wanted, found), found['links']));
  }
  return {
    ...base,
    verb: 'change',
    title: 'Change template',
    name: there.name,
    remark: 'text',
    changes,
    why: null,
    requests,
  };
}

export function planSegment(step: Step, segment: DesiredSegment, flow: FlowPlan): PlanAction {
  const { current, located } = step;
  const there = located.byKey.get(segment.key);
  const read = there === undefined ? undefined : current.segments.find(({ id }) => id === there.id);
  const wantedHash = hashOf(normalFilter(segment.definition));
  const base = { key: segment.key, type: 'segment' as const, wantedHash };
  const names = namesIn(step);
  const after = filterText(segment.definition, { of: names, action: () => null });
  if (there === undefined || read === undefined) {
    const why = located.deleted.has(segment.key) ? 'It was deleted in Klaviyo.' : null;
    return created(
      base,
      segment.name,
      why,
      [{ what: 'Who is in it', before: null, after }],
      [createSegment(segment, segment.name)],
    );
  }
  const isEqual = canonicalText(normalFilter(read.definition)) === canonicalText(normalFilter(segment.definition));
  if (isAsWanted(step, segment.key, wantedHash, readHashOf(read), isEqual)) return left(base, there.name);
  const before = filterText(read.definition, { of: names, action: () => null });
  const changes = [{ what: 'Who is in it', before, after }];
  if (flow.keepsOld) {
    const name = renamed(step, segment.key, segment.name, there.generation + 1);
    const why = 'The live flow starts from the present one, so the new draft gets its own.';
    return created(base, name, why, changes, [createSegment(segment, name)]);
  }
  return {
    ...base,
    verb: 'change',
    title: 'Change segment',
    name: there.name,
    remark: 'who is in it',
    changes,
    why: null,
    requests: [updateSegment(there.id, segment.definition)],
  };
}

/** The text is what is wanted, or what a person made of it where they were to finish it. */
export function isTemplateAsWanted(step: Step, template: DesiredTemplate, read: CurrentTemplate): boolean {
  const wantedHash = hashOf(normalHtml(template.html));
  const isEqual = normalHtml(read.html ?? '') === normalHtml(template.html);
  if (isAsWanted(step, template.key, wantedHash, readHashOf(read), isEqual)) return true;
  const written = step.state?.objects[template.key]?.wantedHash ?? '';
  return template.isFinishedByHand && (written === '' || written === wantedHash);
}

/** Whether a template or segment that is there has to be written again. */
export function arePartsChanged(step: Step): boolean {
  const { desired, current, located } = step;
  const templates = desired.templates.some((template) => {
    const read = current.templates.find(({ id }) => id === located.byKey.get(template.key)?.id);
    return read !== undefined && !isTemplateAsWanted(step, template, read);
  });
  const segments = desired.segments.some((segment) => {
    const read = current.segments.find(({ id }) => id === located.byKey.get(segment.key)?.id);
    if (read === undefined) return false;
    const wanted = normalFilter(segment.definition);
    const isEqual = canonicalText(normalFilter(read.definition)) === canonicalText(wanted);
    return !isAsWanted(step, segment.key, hashOf(wanted), readHashOf(read), isEqual);
  });
  return templates || segments;
}

/**
 * Nothing to write: what is there is what is wanted, or it is what the vendor made of the very thing that was last
 * written.
 */
export function isAsWanted(
  step: Step,
  key: ObjectKey,
  wantedHash: string,
  readHash: string,
  isEqual: boolean,
): boolean {
  const written = step.state?.objects[key];
  return isEqual || (written?.wantedHash === wantedHash && written.readHash === readHash);
}

/** Names of everything that has one, by id. Placeholders read as what they stand for. */
export function namesIn({ current, desired, state }: Step): (id: string) => string {
  const names = new Map<string, string>();
  for (const { id, name } of [
    ...current.groups,
    ...current.templates,
    ...current.segments,
    ...current.flows,
    ...current.metrics,
  ]) {
    names.set(id, titleOf(name));
  }
  for (const { key, name } of [...desired.templates, ...desired.segments]) names.set(`{{${key}}}`, titleOf(name));
  for (const { wanted, found } of Object.values(state?.emailTemplates ?? {})) {
    const name = names.get(wanted);
    if (name !== undefined && !names.has(found)) names.set(found, name);
  }
  return (id) => names.get(id) ?? id;
}

/** The name of the next generation. */
export function renamed({ desired }: Step, key: ObjectKey, name: string, generation: number): string {
  return markedName(titleOf(name), { workflow: desired.workflow.id, key, generation });
}

/** An email's message is the vendor's own object, with an id that an update has to name. */
export function withMessageId<T extends { readonly type: string; readonly data: unknown }>(
  wanted: T,
  found: Record<string, unknown>,
): T {
  const data = found['data'] as { message?: { id?: unknown } } | undefined;
  const id = data?.message?.id;
  if (wanted.type !== 'send-email' || typeof id !== 'string') return wanted;
  const own = wanted.data as { message: object };
  return { ...wanted, data: { ...own, message: { ...own.message, id } } };
}

type Base = Pick<PlanAction, 'key' | 'type' | 'wantedHash'>;

function created(
  base: Base,
  name: string,
  why: string | null,
  changes: readonly Changed[],
  requests: readonly PlannedRequest[],
): PlanAction {
  return { ...base, verb: 'create', title: `Create ${base.type}`, name, remark: '', changes, why, requests };
}

function left(base: Base, name: string): PlanAction {
  return {
    ...base,
    verb: 'leave',
    title: `Leave ${base.type}`,
    name,
    remark: 'as it is',
    changes: [],
    why: null,
    requests: [],
  };
}

function textLength(html: string): number {
  return html.replace(/<[^>]*>/g, '').length;
}
