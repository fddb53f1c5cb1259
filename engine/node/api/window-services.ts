// What the window asks of an email service: the account, the plan and its steps. Klaviyo takes flows, the others take the
// parts that flows are built of.

import type {
  AudienceRequest,
  CallOptions,
  DatasetRequest,
  EspAddress,
  EspAdopted,
  EspApplied,
  EspPlanShown,
  EspRemoved,
  EspRequest,
  EspStanding,
  EspTried,
  EspVerified,
  ExportAnswer,
  FetchedTest,
  PullRequest,
  ServiceApi,
} from '../../api/index.ts';
import { UserError } from '../../base/index.ts';
import type { BlockTarget, EspTarget } from '../../esp/index.ts';
import { SessionKey } from '../esp/keys.ts';
import type { EspPlace } from './esp-desk.ts';
import type { BlockDesk, BlockParts } from './window-blocks.ts';
import type { KlaviyoDesk, MakeClient } from './window-esp.ts';
import { ProgrammeBackend } from './window-programme.ts';

export interface ServiceOptions {
  readonly workspace: string;
  /** Where files for the user are made, as `HANDLE/NAME`. */
  readonly exports: string;
  /** Default: Klaviyo itself. */
  readonly klaviyo?: MakeClient;
  /** Default: Mailchimp and ActiveCampaign themselves. */
  readonly blocks?: (target: BlockTarget) => BlockParts;
  /** Of email services, from the host's keychain; as JSON, `SERVICE:address` says where one is. */
  readonly keys?: Readonly<Record<string, string>>;
}

const KEY_VARIABLES: Readonly<Record<EspTarget, string>> = {
  klaviyo: 'KLAVIYO_API_KEY',
  mailchimp: 'MAILCHIMP_API_KEY',
  activecampaign: 'ACTIVECAMPAIGN_API_KEY',
};

export abstract class ServiceBackend extends ProgrammeBackend implements ServiceApi {
  readonly #exports: string;
  readonly #makeKlaviyo: MakeClient | null;
  readonly #makeBlocks: ServiceOptions['blocks'];
  readonly #keys: Readonly<Record<EspTarget, SessionKey>>;

  constructor(options: ServiceOptions & { readonly firstWorkflow: string; readonly template: string }) {
    super({ ...options, klaviyo: options.klaviyo ?? null, klaviyoKey: keyOf('klaviyo', options) });
    this.#exports = options.exports;
    this.#makeKlaviyo = options.klaviyo ?? null;
    this.#makeBlocks = options.blocks;
    this.#keys = {
      klaviyo: this.klaviyoKey,
      mailchimp: keyOf('mailchimp', options),
      activecampaign: keyOf('activecampaign', options),
    };
  }

  /** Makes a file known by a handle. */
  abstract addFile(handle: string, file: { readonly path: string; readonly name: string }): void;

  async espStanding({ target }: EspRequest): Promise<EspStanding> {
    return (await this.#desk(target)).standing();
  }

  async espPlan(request: AudienceRequest & DatasetRequest, options: CallOptions = {}): Promise<EspPlanShown> {
    const { target, dataset } = request;
    const history = () => this.history({ dataset }, options).history;
    if (target === 'klaviyo') return (await this.#klaviyo()).showPlan(history, options);
    return (await this.#blocks(target)).showPlan(history, request, options);
  }

  async espApply(
    { target, plan }: EspRequest & { readonly plan: string },
    options: CallOptions = {},
  ): Promise<EspApplied> {
    return (await this.#desk(target)).apply(plan, options);
  }

  async espVerify({ target }: EspRequest, options: CallOptions = {}): Promise<EspVerified> {
    return (await this.#desk(target)).verify(options);
  }

  async espRemove(
    { target, isTrial }: EspRequest & { readonly isTrial: boolean },
    options: CallOptions = {},
  ): Promise<EspRemoved> {
    return (await this.#desk(target)).remove(isTrial, options);
  }

  async espAdopt(
    request: AudienceRequest & { readonly flow: string | null },
    options: CallOptions = {},
  ): Promise<EspAdopted> {
    const { target, flow } = request;
    if (target === 'klaviyo') return (await this.#klaviyo()).adopt(flow, options);
    return (await this.#blocks(target)).adopt(request, options);
  }

  async espPlanFile({ target, plan }: EspRequest & { readonly plan: string }): Promise<ExportAnswer> {
    return (await this.#desk(target)).planFile(plan);
  }

  async espKey(request: EspRequest & { readonly key: string | null; readonly isKept?: boolean }): Promise<void> {
    this.#keys[request.target].set(request.key, request.isKept);
  }

  async espAddress({ target, ...address }: EspRequest & EspAddress): Promise<void> {
    this.#keys[target].setAddress(address);
  }

  async espTick(
    request: EspRequest & { readonly plan: string | null; readonly key: string; readonly isDone: boolean },
  ): Promise<void> {
    const { target, plan, key, isDone } = request;
    if (target === 'klaviyo') (await this.#klaviyo()).tick(plan ?? '', key, isDone);
    else (await this.#blocks(target)).tick(key, isDone);
  }

  async espSheetFile({ target }: EspRequest, options: CallOptions = {}): Promise<ExportAnswer> {
    return (await this.#blocks(target)).sheetFile(options);
  }

  async espFetchTest(_request: PullRequest, options: CallOptions = {}): Promise<FetchedTest> {
    const { path, found } = await (await this.#klaviyo()).fetchTest(options);
    this.addFile(found.file, { path, name: found.name });
    return found;
  }

  async espTry(
    { target, email }: EspRequest & { readonly email: string },
    options: CallOptions = {},
  ): Promise<EspTried> {
    return (await this.#blocks(target)).tryOut(email, options);
  }

  #desk(target: EspTarget): Promise<KlaviyoDesk | BlockDesk> {
    return target === 'klaviyo' ? this.#klaviyo() : this.#blocks(target);
  }

  async #klaviyo(): Promise<KlaviyoDesk> {
    const { KlaviyoDesk: Desk } = await import('./window-esp.ts');
    return new Desk(this.#espPlace('klaviyo'), this.#makeKlaviyo);
  }

  /** @throws UserError for Klaviyo, which has no building blocks */
  async #blocks(target: EspTarget): Promise<BlockDesk> {
    if (target === 'klaviyo') throw new UserError('NO_SHEET', 'At Klaviyo the flow itself is made; there is no sheet.');
    const { BlockDesk: Desk } = await import('./window-blocks.ts');
    return new Desk(target, this.#espPlace(target), this.#makeBlocks?.(target) ?? null);
  }

  #espPlace(target: EspTarget): EspPlace {
    return { workflowPath: this.shelf.current.open().path, folder: this.#exports, key: this.#keys[target] };
  }
}

function keyOf(target: EspTarget, { keys = {} }: ServiceOptions): SessionKey {
  return new SessionKey(KEY_VARIABLES[target], keys[target] ?? null, keys[`${target}:address`] ?? null);
}
