// The workflow at the email service, as far as the window knows: the key's standing, the plan last shown, what was found
// there. It lives here and not in a screen, so that a plan or an apply goes on while another screen is looked at. The
// network is asked only by an action; no key stays here.

import { createStore, type StoreApi } from 'zustand/vanilla';
import type {
  CallOptions,
  EspAdopted,
  EspPlanShown,
  EspRemoved,
  EspStanding,
  EspVerified,
  WindowApi,
} from '../../engine/api.ts';
import { plural } from '../../engine/base/index.ts';
import { problemOf } from './problem.ts';
import type { Problem } from './types.ts';

export type Place = 'klaviyo' | 'mailchimp' | 'activecampaign' | 'files';

/** What a plan is of: another workflow or dataset makes it say nothing any more. */
export interface PlanOf {
  readonly file: unknown;
  readonly dataset: string | null;
}

export interface ServiceState {
  readonly place: Place;
  readonly of: PlanOf | null;
  readonly standing: EspStanding | null;
  readonly plan: EspPlanShown | null;
  /** Ms since the epoch. */
  readonly planReadAt: number | null;
  readonly drift: EspVerified['drift'];
  readonly adopted: EspAdopted | null;
  /** What would be removed, while that is asked. */
  readonly removal: EspRemoved | null;
  /** What was done, in a sentence. */
  readonly said: string;
  readonly problem: Problem | null;
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

export type ServiceStore = StoreApi<ServiceState>;
export type Service = ReturnType<typeof createService>;

/** Of the calls that the Export screen shows itself. */
export const SHOWN_BY = 'export';
const TARGET = { target: 'klaviyo' } as const;
const NO_KEYCHAIN =
  'This system has no keychain that encrypts, so the key is held in memory until Foresend ends and kept nowhere.';
const NOTHING = { plan: null, planReadAt: null, drift: [], adopted: null, removal: null, said: '', problem: null };

export function createService({ api, run, now = () => Date.now(), keepKey = null }: ServiceParts) {
  const store = createStore<ServiceState>(() => ({
    place: 'klaviyo',
    of: null,
    standing: null,
    isBusy: false,
    ...NOTHING,
  }));
  const set = store.setState;

  const look = () =>
    api.espStanding(TARGET).then(
      (standing) => set({ standing }),
      (error: unknown) => set({ problem: problemOf(error) }),
    );

  /** One at a time: each leaves the account as the next has to find it. */
  async function ask(label: string, work: (options: CallOptions) => Promise<void>): Promise<void> {
    if (store.getState().isBusy) return;
    set({ isBusy: true, problem: null, said: '', drift: [], adopted: null });
    try {
      const isDone = await run(label, (options) => work(options).then(() => true), SHOWN_BY);
      if (isDone === null) set({ said: 'Stopped. What was done until then is kept; a new plan goes on from there.' });
    } catch (error) {
      set({ problem: problemOf(error) });
    } finally {
      set({ isBusy: false });
      void look();
    }
  }

  /** A plan of a workflow that was edited meanwhile is not shown. */
  const keep = (of: PlanOf | null, plan: EspPlanShown) => {
    if (store.getState().of === of) set({ plan, planReadAt: now() });
  };

  const actions = {
    choose: (place: Place) => set({ place }),
    /** Looks what is known, without the network; forgets a plan of something else. */
    show(of: PlanOf): void {
      const before = store.getState().of;
      const isSame = before !== null && before.file === of.file && before.dataset === of.dataset;
      if (!isSame) set({ of, ...NOTHING });
      void look();
    },
    makePlan: () =>
      ask('Reading the account', async (options) => {
        const { of } = store.getState();
        keep(of, await api.espPlan({ ...TARGET, dataset: of?.dataset ?? null }, options));
      }),
    apply: () =>
      ask('Applying', async (options) => {
        const { plan, of } = store.getState();
        if (plan === null) return;
        const done = await api.espApply({ ...TARGET, plan: plan.hash }, options);
        const arms =
          done.assigned === null ? '' : ` Arms are written for ${plural(done.assigned.people, 'person', 'people')}.`;
        const back = done.drift.length === 0 ? 'Read back and compared: as planned.' : 'Read back, and not as planned:';
        set({
          plan: null,
          drift: done.drift,
          said: `${plural(done.changes, 'change')} applied as drafts; no email goes out.${arms} ${back}`,
        });
        keep(of, await api.espPlan({ ...TARGET, dataset: of?.dataset ?? null }, options));
      }),
    verify: () =>
      ask('Comparing', async (options) => {
        const { account, drift } = await api.espVerify(TARGET, options);
        const words =
          drift.length === 0
            ? 'holds what the workflow says.'
            : `holds ${plural(drift.length, 'thing')} otherwise than the workflow.`;
        set({ drift, said: `Account ${account} ${words}` });
      }),
    adopt: (flow: string | null) =>
      ask('Reading the account', async (options) => {
        const adopted = await api.espAdopt({ ...TARGET, flow }, options);
        const { account, bound } = adopted;
        const words =
          bound.length === 0
            ? 'has nothing that belongs to this workflow; name the flow, or its id.'
            : `has ${plural(bound.length, 'part')} of this workflow; they are bound to it, and nothing was changed there.`;
        set({ adopted, said: `Account ${account} ${words}`, plan: null });
      }),
    lookForRemoval: () =>
      ask('Reading the account', async (options) =>
        set({ removal: await api.espRemove({ ...TARGET, isTrial: true }, options) }),
      ),
    leaveRemoval: () => set({ removal: null }),
    remove: () =>
      ask('Removing', async (options) => {
        set({ removal: null, plan: null });
        const { removed, left } = await api.espRemove({ ...TARGET, isTrial: false }, options);
        const rest = left.length === 0 ? '' : ` ${plural(left.length, 'thing')} not made by Foresend left as they are.`;
        set({ said: `${plural(removed.length, 'thing')} removed from Klaviyo.${rest}` });
      }),
    canKeep: keepKey !== null,
    /** It goes to the host and does not come back. @param key null forgets it. @param wanted also in the keychain */
    async giveKey(key: string | null, wanted = false): Promise<void> {
      set({ problem: null, plan: null, said: '' });
      try {
        const isKept = keepKey !== null && (wanted || key === null) && (await keepKey('klaviyo', key));
        await api.espKey({ ...TARGET, key, isKept: isKept && key !== null });
        if (wanted && !isKept) set({ said: NO_KEYCHAIN });
      } catch (error) {
        set({ problem: problemOf(error) });
      }
      await look();
    },
    async tick(key: string, isDone: boolean): Promise<void> {
      const { plan } = store.getState();
      if (plan === null) return;
      try {
        await api.espTick({ ...TARGET, plan: plan.hash, key, isDone });
        const byHand = plan.byHand.map((one) => (one.key === key ? { ...one, isDone } : one));
        set((state) => (state.plan?.hash === plan.hash ? { plan: { ...state.plan, byHand } } : {}));
      } catch (error) {
        set({ problem: problemOf(error) });
      }
    },
  };
  return { store, actions };
}
