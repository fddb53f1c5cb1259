// A workflow at Mailchimp or ActiveCampaign, as the window asks for it: the building blocks by plan and apply, and the
// sheet from which a person builds the automations, with what is ticked on it.

import { basename } from 'node:path';
import type {
  AudienceRequest,
  CallOptions,
  EspAdopted,
  EspApplied,
  EspPlanShown,
  EspRemoved,
  EspSheet,
  EspStanding,
  EspTried,
  EspVerified,
  ExportAnswer,
} from '../../api/index.ts';
import { UserError } from '../../base/index.ts';
import {
  activeCampaignMaker,
  audienceOf,
  type BlockTarget,
  type BuildSheet,
  hashOf,
  mailchimpMaker,
  type SheetStep,
  sendScope,
} from '../../esp/index.ts';
import type { History } from '../../events/index.ts';
import {
  activeCampaignCourier,
  adoptBlocks,
  applyBlockPlan,
  type BlockPlace,
  type BlockService,
  type Courier,
  destroyBlocks,
  loadState,
  mailchimpCourier,
  makeBlockPlan,
  openActiveCampaign,
  openBlockService,
  openMailchimp,
  placesOf,
  type ServiceOptions,
  sheetOffline,
  tryWorkflow,
  verifyBlocks,
} from '../esp/index.ts';
import { buildSheetPage } from '../pages/build-sheet.ts';
import { actionsOf, EspDesk, type EspPlace, stepsTo, waitsTo } from './esp-desk.ts';
import { exportText } from './export-file.ts';

/** In the place of the services themselves. */
export type BlockParts = Pick<ServiceOptions, 'baseUrl' | 'clock' | 'random'>;

export class BlockDesk extends EspDesk {
  readonly #of: BlockTarget;
  readonly #parts: BlockParts;

  constructor(target: BlockTarget, place: EspPlace, parts: BlockParts | null) {
    super(target, place);
    this.#of = target;
    this.#parts = parts ?? {};
  }

  standing(): EspStanding {
    const isKeyed = this.place.key.from !== null;
    const { ACTIVECAMPAIGN_EVENT_KEY: key = '', ACTIVECAMPAIGN_ACTID: account = '' } = this.#environment();
    const canTell = isKeyed && (this.#of === 'mailchimp' || (key !== '' && account !== ''));
    const known = this.known();
    return {
      ...known,
      url: known.url ?? (this.#environment()['ACTIVECAMPAIGN_URL'] || null),
      canTell,
      sheet: this.#sheet(),
    };
  }

  /** @param history what texts are held against */
  async showPlan(
    history: () => History,
    { audience }: Pick<AudienceRequest, 'audience'>,
    options: CallOptions,
  ): Promise<EspPlanShown> {
    const scope = sendScope(history(), this.workflow());
    const { plan, warnings, sheet } = await this.#withPlace(options, audience ?? null, (place) =>
      makeBlockPlan(place, scope),
    );
    this.keep(plan);
    return {
      hash: plan.hash,
      account: plan.account,
      summary: plan.summary,
      actions: actionsOf(plan),
      byHand: [],
      differences: plan.differences,
      warnings: [...this.said(), ...warnings],
      both: null,
      sheet: this.#ticked(sheet),
    };
  }

  async apply(hash: string, options: CallOptions): Promise<EspApplied> {
    const { plan } = this.shown(hash);
    const audience = this.#of === 'mailchimp' ? audienceOf(plan.account) : null;
    return await this.#withPlace(options, audience, async (place) => {
      const { account, done, drift } = await applyBlockPlan(place, plan, stepsTo(options));
      const { sheet } = await verifyBlocks(place);
      return { account, changes: done.length, assigned: null, drift, sheet: this.#ticked(sheet) };
    });
  }

  async verify(options: CallOptions): Promise<EspVerified> {
    const { account, drift, sheet } = await this.#withPlace(options, null, verifyBlocks);
    return { account, drift, sheet: this.#ticked(sheet) };
  }

  async remove(isTrial: boolean, options: CallOptions): Promise<EspRemoved> {
    const { account, removed, left } = await this.#withPlace(options, null, (place) =>
      destroyBlocks(place, isTrial, stepsTo(options)),
    );
    return { account, removed, left };
  }

  async adopt({ audience }: Pick<AudienceRequest, 'audience'>, options: CallOptions): Promise<EspAdopted> {
    const { account, bound, missing } = await this.#withPlace(options, audience ?? null, adoptBlocks);
    return { account, bound: bound.map(({ key, id, name, isEqual }) => ({ key, id, name, isEqual })), missing };
  }

  /** By the step as the workflow makes it: what an account says of itself is no other thing to do. */
  tick(key: string, isDone: boolean): void {
    const step = this.#offline()?.steps.find((one) => one.key === key);
    if (step === undefined) throw new UserError('NOT_THERE', 'That is not among what stays to be done by hand.');
    this.setTick(tickOf(step), isDone);
  }

  /** As it is known without asking, or as the key that is held can see it. */
  async sheetFile(options: CallOptions): Promise<ExportAnswer> {
    const isAsked = this.place.key.from !== null && loadState(this.statePath, this.target) !== null;
    const sheet = isAsked ? (await this.#withPlace(options, null, verifyBlocks)).sheet : this.#offline();
    if (sheet === null) this.#refuseSheet();
    const ticked = this.#ticked(sheet);
    const steps = ticked.steps.map((step) => ({ ...step, isDone: step.isDone ?? (step.isTicked ? true : null) }));
    const page = buildSheetPage({ ...ticked, steps });
    return exportText(this.place.folder, `${sheet.workflow.id}-${this.target}-build-sheet.html`, 'text/html', page);
  }

  async tryOut(email: string, options: CallOptions): Promise<EspTried> {
    const workflow = this.workflow();
    const place = placesOf(this.place.workflowPath, [workflow], this.target)[workflow.id];
    if (place === undefined) throw new UserError('NOT_PUSHED', 'The plan has to be applied first.');
    const courier = this.#courier(options);
    try {
      return { email, told: await tryWorkflow(courier, workflow, place, email.trim()) };
    } finally {
      await courier.close();
    }
  }

  #sheet(): EspSheet | null {
    const sheet = this.#offline();
    return sheet === null ? null : this.#ticked(sheet);
  }

  /** Null where the workflow cannot be exported, which a plan says in full. */
  #offline(): BuildSheet | null {
    try {
      const { workflow, decides } = this.exported();
      const maker = this.#of === 'mailchimp' ? mailchimpMaker : activeCampaignMaker;
      return sheetOffline(maker, workflow, basename(this.place.workflowPath), decides).sheet;
    } catch (error) {
      if (error instanceof UserError) return null;
      throw error;
    }
  }

  #refuseSheet(): never {
    throw new UserError('NO_SHEET', 'This workflow cannot be exported there as it is; a plan says why.');
  }

  #ticked(sheet: BuildSheet): EspSheet {
    const done = this.ticks();
    const offline = new Map(this.#offline()?.steps.map((step) => [step.key, step]));
    const steps = sheet.steps.map((step) => ({
      ...step,
      isTicked: done.includes(tickOf(offline.get(step.key) ?? step)),
    }));
    return { ...sheet, steps };
  }

  async #withPlace<T>(
    options: CallOptions,
    audience: string | null,
    work: (place: BlockPlace) => Promise<T>,
  ): Promise<T> {
    const { workflow, decides } = this.exported();
    const of = { ...this.#serviceOptions(options), ...(audience === null ? {} : { audience }) };
    const service: BlockService = openBlockService(this.#of, of, this.#environment());
    try {
      const file = basename(this.place.workflowPath);
      return await work({ service, workflow, statePath: this.statePath, file, decides });
    } finally {
      await service.close();
    }
  }

  #courier(options: CallOptions): Courier {
    const of = this.#serviceOptions(options);
    return this.#of === 'mailchimp'
      ? mailchimpCourier(openMailchimp(of, this.#environment()))
      : activeCampaignCourier(openActiveCampaign(of, this.#environment()));
  }

  #serviceOptions(options: CallOptions): ServiceOptions {
    const { signal } = options;
    const { url } = this.place.key.address;
    // ActiveCampaign's own address is no gateway: events go to another host.
    const gateway = this.#of === 'mailchimp' && url !== null ? { baseUrl: url } : {};
    return { ...gateway, ...this.#parts, onWait: waitsTo(options), ...(signal === undefined ? {} : { signal }) };
  }

  /** As the process has it, and what was given in the window. */
  #environment(): Readonly<Record<string, string | undefined>> {
    const { key, place } = { key: this.place.key, place: this.place.key.address };
    const given = key.from === null ? '' : key.read();
    if (this.#of === 'mailchimp') return { MAILCHIMP_API_KEY: given };
    const { ACTIVECAMPAIGN_URL, ACTIVECAMPAIGN_EVENT_KEY, ACTIVECAMPAIGN_ACTID } = process.env;
    return {
      ACTIVECAMPAIGN_API_KEY: given,
      ACTIVECAMPAIGN_URL: ACTIVECAMPAIGN_URL?.trim() || (place.url ?? ''),
      ACTIVECAMPAIGN_EVENT_KEY: ACTIVECAMPAIGN_EVENT_KEY?.trim() || (place.events?.key ?? ''),
      ACTIVECAMPAIGN_ACTID: ACTIVECAMPAIGN_ACTID?.trim() || (place.events?.account ?? ''),
    };
  }
}

const tickOf = ({ key, title, fields }: SheetStep) => `${key}: ${hashOf([title, fields]).slice(0, 12)}`;
