// The workflow at the email service, as far as the window knows: the key's standing, the plan last shown, what was found
// there. It lives here and not in a screen, so that a plan or an apply goes on while another screen is looked at. The
// network is asked only by an action; no key stays here.

import { createStore } from 'zustand/vanilla';
import type {
  CallOptions,
  EspAddress,
  EspAdopted,
  EspPlanShown,
  EspRemoved,
  EspSheet,
  EspStanding,
  EspVerified,
  WindowApi,
} from '../../engine/api/index.ts';
import { plural } from '../../engine/base/index.ts';
import type { EspTarget } from '../../engine/esp/index.ts';
import { ESP_NAMES } from './esp-names.ts';
import { problemOf } from './problem.ts';
import type { Problem } from './types.ts';

export type Place = EspTarget | 'files';

/** What a plan is of: another workflow or dataset makes it say nothing any more. */
export interface PlanOf {
  readonly file: unknown;
  readonly dataset: string | null;
}

/** What is known of the workflow at one service. */
export interface AtService {
  readonly standing: EspStanding | null;
  readonly plan: EspPlanShown | null;
  /** Ms since the epoch. */
  readonly planReadAt: number | null;
  readonly drift: EspVerified['drift'];
  /** As the service showed it last; else that of the standing. */
  readonly sheet: EspSheet | null;
  readonly adopted: EspAdopted | null;
  /** What would be removed, while that is asked. */
  readonly removal: EspRemoved | null;
  /** Id or name, once one of several was chosen. */
  readonly audience: string | null;
  /** What was done, in a sentence. */
  readonly said: string;
  readonly problem: Problem | null;
}

export interface ServiceState {
  readonly place: Place;
  readonly of: PlanOf | null;
  readonly at: Readonly<Record<EspTarget, AtService>>;
  readonly isBusy: boolean;
}

export interface ServiceParts {
  readonly api: WindowApi;
  /** Runs a long call so that it is seen and can be cancelled; null where it was. */
  readonly run: <T>(
    label: string,
    job: (options: Required<Pick<CallOptions, 'signal' | 'onProgress'>>) => Promise<T>,
    shownBy: string,
  ) => Promise<T | null>;
  readonly now?: () => number;
  /** Of the host; null where it has no keychain. */
  readonly keepKey?: ((service: string, key: string | null) => Promise<boolean>) | null;
}

export type Service = ReturnType<typeof createService>;

/** Of the calls that the Export screen shows itself. */
export const SHOWN_BY = 'export';
const NO_KEYCHAIN =
  'This system has no keychain that encrypts, so the key is held in memory until Foresend ends and kept nowhere.';
const NOTHING = {
  plan: null,
  planReadAt: null,
  drift: [],
  sheet: null,
  adopted: null,
  removal: null,
  said: '',
  problem: null,
};
const UNKNOWN: AtService = { standing: null, audience: null, ...NOTHING };
const USUAL: EspAddress = { url: null, events: null };

export function createService({ api, run, now = () => Date.now(), keepKey = null }: ServiceParts) {
  const store = createStore<ServiceState>(() => ({
    place: 'klaviyo',
    of: null,
    isBusy: false,
    at: { klaviyo: UNKNOWN, mailchimp: UNKNOWN, activecampaign: UNKNOWN },
  }));
  const get = (target: EspTarget) => store.getState().at[target];
  const set = (target: EspTarget, change: Partial<AtService>) =>
    store.setState(({ at }) => ({ at: { ...at, [target]: { ...at[target], ...change } } }));
  const nameOf = (target: EspTarget) => ESP_NAMES[target];

  const look = (target: EspTarget) =>
    api.espStanding({ target }).then(
      (standing) => set(target, { standing }),
      (error: unknown) => set(target, { problem: problemOf(error) }),
    );

  /** One at a time: each leaves the account as the next has to find it. */
  async function ask(target: EspTarget, label: string, work: (options: CallOptions) => Promise<void>): Promise<void> {
    if (store.getState().isBusy) return;
    store.setState({ isBusy: true });
    set(target, { problem: null, said: '', drift: [], adopted: null });
    try {
      const isDone = await run(`${label} ${nameOf(target)}`, (options) => work(options).then(() => true), SHOWN_BY);
      if (isDone === null)
        set(target, { said: 'Stopped. What was done until then is kept; a new plan goes on from there.' });
    } catch (error) {
      set(target, { problem: problemOf(error) });
    } finally {
      store.setState({ isBusy: false });
      void look(target);
    }
  }

  /** A plan of a workflow that was edited meanwhile is not shown. */
  const keep = (target: EspTarget, of: PlanOf | null, plan: EspPlanShown) => {
    if (store.getState().of === of) set(target, { plan, planReadAt: now(), sheet: plan.sheet });
  };
  const planFor = (target: EspTarget, of: PlanOf | null, options: CallOptions) =>
    api.espPlan({ target, dataset: of?.dataset ?? null, audience: get(target).audience }, options);

  const actions = {
    choose: (place: Place) => store.setState({ place }),
    /** Looks what is known, without the network; forgets a plan of something else. */
    show(target: EspTarget, of: PlanOf): void {
      const before = store.getState().of;
      const isSame = before !== null && before.file === of.file && before.dataset === of.dataset;
      if (!isSame) {
        store.setState({ of });
        for (const one of Object.keys(ESP_NAMES) as EspTarget[]) set(one, NOTHING);
      }
      void look(target);
    },
    makePlan: (target: EspTarget) =>
      ask(target, 'Reading', async (options) => {
        const { of } = store.getState();
        keep(target, of, await planFor(target, of, options));
      }),
    async chooseAudience(target: EspTarget, audience: string): Promise<void> {
      set(target, { audience });
      await actions.makePlan(target);
    },
    apply: (target: EspTarget) =>
      ask(target, 'Applying to', async (options) => {
        const { of } = store.getState();
        const { plan } = get(target);
        if (plan === null) return;
        const done = await api.espApply({ target, plan: plan.hash }, options);
        const arms =
          done.assigned === null ? '' : ` Arms are written for ${plural(done.assigned.people, 'person', 'people')}.`;
        const back = done.drift.length === 0 ? 'Read back and compared: as planned.' : 'Read back, and not as planned:';
        const drafts = target === 'klaviyo' ? ' as drafts' : '';
        set(target, {
          plan: null,
          drift: done.drift,
          sheet: done.sheet,
          said: `${plural(done.changes, 'change')} applied${drafts}; no email goes out.${arms} ${back}`,
        });
        keep(target, of, await planFor(target, of, options));
      }),
    verify: (target: EspTarget) =>
      ask(target, 'Comparing with', async (options) => {
        const { account, drift, sheet } = await api.espVerify({ target }, options);
        const words =
          drift.length === 0
            ? 'holds what the workflow says.'
            : `holds ${plural(drift.length, 'thing')} otherwise than the workflow.`;
        set(target, { drift, sheet: sheet ?? get(target).sheet, said: `Account ${account} ${words}` });
      }),
    adopt: (target: EspTarget, flow: string | null) =>
      ask(target, 'Reading', async (options) => {
        const adopted = await api.espAdopt({ target, flow, audience: get(target).audience }, options);
        const { account, bound } = adopted;
        const more = target === 'klaviyo' ? '; name the flow, or its id' : '';
        const words =
          bound.length === 0
            ? `has nothing that belongs to this workflow${more}.`
            : `has ${plural(bound.length, 'part')} of this workflow; they are bound to it, and nothing was changed there.`;
        set(target, { adopted, said: `Account ${account} ${words}`, plan: null });
      }),
    lookForRemoval: (target: EspTarget) =>
      ask(target, 'Reading', async (options) =>
        set(target, { removal: await api.espRemove({ target, isTrial: true }, options) }),
      ),
    leaveRemoval: (target: EspTarget) => set(target, { removal: null }),
    remove: (target: EspTarget) =>
      ask(target, 'Removing from', async (options) => {
        set(target, { removal: null, plan: null });
        const { removed, left } = await api.espRemove({ target, isTrial: false }, options);
        const rest = left.length === 0 ? '' : ` ${plural(left.length, 'thing')} not made by Foresend left as they are.`;
        set(target, { sheet: null, said: `${plural(removed.length, 'thing')} removed from ${nameOf(target)}.${rest}` });
      }),
    /** Starts every email once for one's own address. */
    tryOut: (target: EspTarget, email: string) =>
      ask(target, 'Sending to a test person at', async (options) => {
        const { told } = await api.espTry({ target, email }, options);
        const events = plural(told.length, 'event');
        set(target, {
          said: `${nameOf(target)} was told of ${events} for ${email}. Each email should arrive once; one that does not has no automation that is on, or one with another event name.`,
        });
      }),
    canKeep: keepKey !== null,
    /**
     * It goes to the host and does not come back.
     * @param key null forgets it, and where the service was said to be
     * @param wanted also in the keychain
     */
    async giveKey(target: EspTarget, key: string | null, wanted = false, address: EspAddress = USUAL): Promise<void> {
      set(target, { problem: null, plan: null, said: '', audience: null });
      try {
        if (key !== null) await api.espAddress({ target, ...address });
        const isKept = keepKey !== null && (wanted || key === null) && (await keepKey(target, key));
        await api.espKey({ target, key, isKept: isKept && key !== null });
        const isUsual = address.url === null && address.events === null;
        if (isKept && keepKey !== null)
          await keepKey(`${target}:address`, key === null || isUsual ? null : JSON.stringify(address));
        if (wanted && !isKept) set(target, { said: NO_KEYCHAIN });
      } catch (error) {
        set(target, { problem: problemOf(error) });
      }
      await look(target);
    },
    /** Of a plan's list, or of the sheet where there is one. */
    async tick(target: EspTarget, key: string, isDone: boolean): Promise<void> {
      const { plan } = get(target);
      const isOnPlan = plan?.sheet === null;
      try {
        await api.espTick({ target, plan: isOnPlan ? plan.hash : null, key, isDone });
        if (!isOnPlan) {
          const { sheet } = get(target);
          if (sheet !== null) set(target, { sheet: withTick(sheet, key, isDone) });
          return await look(target);
        }
        const byHand = plan.byHand.map((one) => (one.key === key ? { ...one, isDone } : one));
        if (get(target).plan?.hash === plan.hash) set(target, { plan: { ...plan, byHand } });
      } catch (error) {
        set(target, { problem: problemOf(error) });
      }
    },
  };
  return { store, actions };
}

function withTick(sheet: EspSheet, key: string, isTicked: boolean): EspSheet {
  return { ...sheet, steps: sheet.steps.map((step) => (step.key === key ? { ...step, isTicked } : step)) };
}
