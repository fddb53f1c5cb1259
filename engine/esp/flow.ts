// A workflow as a flow at Klaviyo. The flow is a tree: paths do not meet again there, so what stands behind a branch
// stands on each of its paths. At the trigger the order is that of a candidate here: what the starting event's person
// must be, the window, audience, suppression, the holdout; then the emails, each after its wait. Waits count from the
// action before. Temporary ids are made of the workflow's own ids and never change with the rest of it, which is what
// later changes are compared by.

import { formatDuration } from '../base/index.ts';
import type { Condition, EventMatch, SequenceItem, Step, Suppression, Workflow } from '../workflow/index.ts';
import { type Context, conditionGroups, either, type Groups, noneSinceStart, profileFilter } from './conditions.ts';
import { armGroups, assignmentActions, globalGroups, type HoldoutNames } from './holdout-split.ts';
import type { FlowAction, FlowEmail, ProfileCondition } from './klaviyo-types.ts';
import { propertyName } from './marker.ts';
import { receivedEmail } from './metrics.ts';
import { delayOf, lookbackOf } from './spans.ts';
import type { Sender } from './types.ts';

export interface FlowParts {
  readonly actions: readonly FlowAction[];
  readonly entry: string | null;
}
export interface MessageContent {
  readonly subject: string;
  readonly templateId: string;
}

/** More is no flow a person could read; branches multiply what follows them. */
const MOST_ACTIONS = 150;

/**
 * @param entryGroups what the person must be at the starting event, asked before any wait
 * @param windowMs of an inaction, waited before anything is asked; null for other triggers
 */
export function flowActions(
  workflow: Workflow,
  parts: {
    readonly entryGroups: Groups;
    readonly window: { readonly ms: number; readonly without: EventMatch } | null;
    /** Before the first email, on top of its own delay: a date trigger that looks back. */
    readonly leadMs: number;
    readonly holdout: HoldoutNames | null;
    readonly sender: Sender | null;
    readonly content: (step: Step) => MessageContent;
  },
  context: Context,
): FlowParts {
  const builder = new Builder(workflow, parts.sender, parts.content, context);
  return { entry: builder.build(parts), actions: builder.actions };
}

/** The profile property in which a flow notes the day of its last email. */
export function sentProperty(workflowId: string): string {
  return propertyName(workflowId, 'sent');
}

type Link = () => string | null;

class Builder {
  readonly #slots: (FlowAction | null)[] = [];
  readonly #ids = new Map<string, number>();
  readonly #workflow: Workflow;
  readonly #sender: Sender | null;
  readonly #content: (step: Step) => MessageContent;
  readonly #context: Context;
  readonly #notesSends: boolean;
  readonly #capGroups: Groups;

  constructor(workflow: Workflow, sender: Sender | null, content: (step: Step) => MessageContent, context: Context) {
    this.#workflow = workflow;
    this.#sender = sender;
    this.#content = content;
    this.#context = context;
    this.#notesSends = workflow.suppress.some((rule) => rule.sent?.workflow === workflow.id);
    this.#capGroups = this.#caps();
  }

  get actions(): readonly FlowAction[] {
    return this.#slots.filter((slot) => slot !== null);
  }

  build(parts: Parameters<typeof flowActions>[1]): string | null {
    const workflow = this.#workflow;
    const links: ((next: Link) => Link)[] = [];
    const ask = (id: string, groups: Groups) => {
      if (groups.length > 0) links.push((next) => () => this.#split(id, groups, next, () => null));
    };
    ask('entry', parts.entryGroups);
    const { window } = parts;
    if (window !== null) {
      links.push((next) => () => this.#wait('window', window.ms, 'trigger.within', next));
      ask('unanswered', [[noneSinceStart(window.without, 'trigger.without', this.#context)]]);
    }
    if (workflow.reach.consent !== null) {
      const filter = { type: 'boolean', operator: 'equals', value: true } as const;
      ask('consent', [[{ type: 'profile-property', property: workflow.reach.consent, filter }]]);
    }
    if (workflow.globalHoldout !== null && workflow.globalHoldout.fraction > 0) {
      ask('global', globalGroups(workflow.globalHoldout.salt));
    }
    if (workflow.audience !== null) ask('audience', this.#groups(workflow.audience, 'audience'));
    workflow.suppress.forEach((rule, i) => {
      ask(`unless-${rule.id}`, this.#unless(rule, `suppress[${i}]`));
    });
    const { holdout } = parts;
    if (holdout !== null) links.push((next) => () => this.#holdout(holdout, next));
    const first: Link = () => this.#sequence(workflow.sequence, 0, 0, 0, parts.leadMs);
    return links.reduceRight<Link>((next, link) => link(next), first)();
  }

  #groups(condition: Condition, at: string): Groups {
    return conditionGroups(condition, false, at, this.#context);
  }

  /** A temporary id of its own: `reminder`, and `reminder~2` on a second path. */
  #id(wanted: string): string {
    const times = (this.#ids.get(wanted) ?? 0) + 1;
    this.#ids.set(wanted, times);
    return times === 1 ? wanted : `${wanted}~${times}`;
  }

  /** Takes the next place in the list before what follows does, so that the list reads in the order of the flow. */
  #place(wanted: string, make: (id: string) => FlowAction): string {
    const id = this.#id(wanted);
    const slot = this.#slots.push(null) - 1;
    if (this.#slots.length > MOST_ACTIONS) {
      this.#context.problems.cannot(
        'sequence',
        `Klaviyo's paths do not meet again, so branches multiply what follows: more than ${MOST_ACTIONS} actions. Use fewer branches, or put them last.`,
      );
      return id;
    }
    this.#slots[slot] = make(id);
    return id;
  }

  #split(wanted: string, groups: Groups, yes: Link, no: Link): string {
    return this.#place(wanted, (temporary_id) => ({
      temporary_id,
      type: 'conditional-split',
      data: { profile_filter: profileFilter(groups) },
      links: { next_if_true: yes(), next_if_false: no() },
    }));
  }

  #wait(wanted: string, ms: number, at: string, next: Link): string | null {
    if (ms === 0) return next();
    const { unit, value } = delayOf(ms, at, this.#context.problems);
    return this.#place(wanted, (temporary_id) => ({
      temporary_id,
      type: 'time-delay',
      data: { unit, value, timezone: 'profile' },
      links: { next: next() },
    }));
  }

  /** New people are drawn first and written down, then whoever is held out leaves, and the rest is known as treated. */
  #holdout(names: HoldoutNames, next: Link): string {
    const { drawn, heldOut } = armGroups(names, 'holdout');
    const write = (id: string, arm: 'treated' | 'holdout', then: Link) =>
      this.#place(id, (temporary_id) => ({
        temporary_id,
        type: 'update-profile',
        data: { status: 'draft', profile_operations: assignmentActions(names, arm) },
        links: { next: then() },
      }));
    const keep: Link = () => write('arm-treated', 'treated', next);
    const known: Link = () => this.#split('arm-known', heldOut, () => null, keep);
    return this.#split('arm-draw', drawn, () => write('arm-holdout', 'holdout', () => null), known);
  }

  /**
   * The items from `index` on.
   * @param elapsedMs between the trigger and this place, on this path
   * @param previousMs between the trigger and the last email or branch
   */
  #sequence(
    items: readonly SequenceItem[],
    index: number,
    elapsedMs: number,
    previousMs: number,
    leadMs: number,
  ): string | null {
    const item = items[index];
    if (item === undefined) return null;
    const at = `sequence[${index}]`;
    const after = (steps: readonly Step[], stepsAt: string): Link => {
      return () =>
        this.#steps(steps, 0, stepsAt, elapsedMs, previousMs, leadMs, (elapsed, previous, lead) =>
          this.#sequence(items, index + 1, elapsed, previous, lead),
        );
    };
    if (item.kind === 'step') return after([item], at)();
    const name = item.id ?? `branch-${index + 1}`;
    const paths = item.paths.map((path, p) => (no: Link): Link => {
      const groups = this.#groups(path.if, `${at}.branch[${p}].if`);
      const yes = after(path.steps, `${at}.branch[${p}].steps`);
      return groups.length === 0 ? yes : () => this.#split(`${name}-${path.id}`, groups, yes, no);
    });
    return paths.reduceRight<Link>((no, path) => path(no), after(item.else, `${at}.else`))();
  }

  #steps(
    steps: readonly Step[],
    index: number,
    at: string,
    elapsedMs: number,
    previousMs: number,
    leadMs: number,
    then: (elapsedMs: number, previousMs: number, leadMs: number) => string | null,
  ): string | null {
    const step = steps[index];
    if (step === undefined) return then(elapsedMs, previousMs, leadMs);
    const stepAt = /\.(steps|else)$/.test(at) ? `${at}[${index}]` : at;
    const due = step.from === 'previous' ? previousMs + step.delayMs : step.delayMs;
    if (due < elapsedMs) {
      this.#context.problems.cannot(
        `${stepAt}.delay`,
        `"${step.id}" is due ${formatDuration(due)} after the trigger, before what stands in front of it (${formatDuration(elapsedMs)}); Klaviyo runs actions in their order: put it further up.`,
      );
    }
    const next: Link = () => this.#steps(steps, index + 1, at, Math.max(due, elapsedMs), due, 0, then);
    const waitMs = Math.max(0, due - elapsedMs) + leadMs;
    return this.#wait(`wait-${step.id}`, waitMs, `${stepAt}.delay`, () => this.#email(step, stepAt, next));
  }

  #email(step: Step, at: string, next: Link): string {
    const note: Link = this.#notesSends ? () => this.#note(step, next) : next;
    const own = step.if === null ? [] : this.#groups(step.if, `${at}.if`);
    const filters = [...own, ...this.#capGroups];
    const { subject, templateId } = this.#content(step);
    const message: FlowEmail = {
      name: step.id,
      from_email: this.#sender?.fromEmail ?? null,
      from_label: this.#sender?.fromLabel ?? null,
      ...(this.#sender?.replyTo == null ? {} : { reply_to_email: this.#sender.replyTo }),
      subject_line: subject,
      template_id: templateId,
      smart_sending_enabled: false,
      transactional: false,
      add_tracking_params: false,
      ...(filters.length === 0 ? {} : { additional_filters: profileFilter(filters) }),
    };
    return this.#place(`email-${step.id}`, (temporary_id) => ({
      temporary_id,
      type: 'send-email',
      data: { status: 'draft', message },
      links: { next: note() },
    }));
  }

  #note(step: Step, next: Link): string {
    return this.#place(`note-${step.id}`, (temporary_id) => ({
      temporary_id,
      type: 'update-profile',
      data: {
        status: 'draft',
        profile_operations: [
          {
            operator: 'create',
            property_type: 'date',
            property_key: sentProperty(this.#workflow.id),
            property_value: 'today',
          },
        ],
      },
      links: { next: next() },
    }));
  }

  /** What lets a person through a suppression: one of its kinds does not hold. Kinds about the event are asked at the trigger. */
  #unless(rule: Suppression, at: string): Groups {
    const kinds: Groups[] = [];
    if (rule.sent !== null) kinds.push(this.#notSent(rule.sent, `${at}.sent`));
    const own = rule.where.filter((filter) => filter.property.startsWith('person.'));
    if (own.length > 0) {
      const of: Condition[] = own.map(({ property, ...test }) => ({
        is: 'property',
        property: property.slice('person.'.length),
        test,
      }));
      kinds.push(conditionGroups({ is: 'all', of }, true, `${at}.where`, this.#context));
    }
    if (own.length < rule.where.length) {
      if (kinds.length === 0 && rule.if === null) return [];
      this.#context.problems.cannot(
        `${at}.where`,
        "Klaviyo asks what the starting event says at the trigger and the rest after it, so a rule cannot join them: make two rules, or ask the person's properties.",
      );
      return [];
    }
    if (rule.if !== null) kinds.push(conditionGroups(rule.if, true, `${at}.if`, this.#context));
    return kinds.length === 0 ? [] : either(kinds, at, this.#context.problems);
  }

  #notSent(sent: NonNullable<Suppression['sent']>, at: string): Groups {
    const { problems, lookup } = this.#context;
    if (sent.workflow === this.#workflow.id) {
      const days = Math.ceil(sent.withinMs / 86_400_000);
      const property = sentProperty(this.#workflow.id);
      return [
        [
          {
            type: 'profile-property',
            property,
            filter: { type: 'date', operator: 'at-least', unit: 'day', quantity: days },
          },
          { type: 'profile-property', property, filter: { type: 'existence', operator: 'not-set' } },
        ],
      ];
    }
    return [[this.#received('=', 0, sent.withinMs, `${at}.within`, receivedEmail(lookup.metrics), problems)]];
  }

  #caps(): Groups {
    const { problems, lookup } = this.#context;
    return (this.#workflow.gates?.cap ?? []).map((cap, i) => [
      this.#received('<', cap.n, cap.withinMs, `gates.cap[${i}].within`, receivedEmail(lookup.metrics), problems),
    ]);
  }

  #received(
    op: '<' | '=',
    value: number,
    withinMs: number,
    at: string,
    metric: string | null,
    problems: Context['problems'],
  ): ProfileCondition {
    if (metric === null) {
      problems.error(
        'UNKNOWN_METRIC',
        at,
        'This account has no metric "Received Email" yet, so Klaviyo cannot count emails; it appears with the first email sent.',
      );
    }
    return {
      type: 'profile-metric',
      metric_id: metric ?? 'UNKNOWN',
      measurement: 'count',
      measurement_filter: { type: 'numeric', operator: op === '<' ? 'less-than' : 'equals', value },
      timeframe_filter: { type: 'date', operator: 'in-the-last', ...lookbackOf(withinMs, at, problems) },
    };
  }
}
