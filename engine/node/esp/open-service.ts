// A service by its name, with its key from the environment.

import { UserError } from '../../base/index.ts';
import { type BlockTarget, ESP_NAMES } from '../../esp/index.ts';
import { ActiveCampaignService } from './activecampaign-service.ts';
import type { BlockService } from './block-service.ts';
import type { ClientOptions } from './caller.ts';
import { MailchimpService } from './mailchimp-service.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export type ServiceOptions = Omit<ClientOptions, 'key'> & {
  /** Id or exact name of the audience, where the service has several. */
  readonly audience?: string | undefined;
};

/** @throws UserError where a key or an address is missing */
export function openBlockService(
  target: BlockTarget,
  options: ServiceOptions,
  environment: Environment = process.env,
): BlockService {
  return target === 'mailchimp' ? openMailchimp(options, environment) : openActiveCampaign(options, environment);
}

export function openMailchimp(options: ServiceOptions, environment: Environment = process.env): MailchimpService {
  const key = read(environment, 'MAILCHIMP_API_KEY');
  if (key === '') throw noKey('mailchimp', 'MAILCHIMP_API_KEY', 'Account, Extras, API keys');
  return new MailchimpService({ ...options, key }, options.audience ?? null);
}

export function openActiveCampaign(
  options: ServiceOptions,
  environment: Environment = process.env,
): ActiveCampaignService {
  const key = read(environment, 'ACTIVECAMPAIGN_API_KEY');
  if (key === '') throw noKey('activecampaign', 'ACTIVECAMPAIGN_API_KEY', 'Settings, Developer');
  const url = read(environment, 'ACTIVECAMPAIGN_URL') || (options.baseUrl ?? '');
  if (url === '') {
    throw new UserError(
      'NO_URL',
      'ACTIVECAMPAIGN_URL is not set: put the address there that ActiveCampaign shows under Settings, Developer.',
    );
  }
  const eventKey = read(environment, 'ACTIVECAMPAIGN_EVENT_KEY');
  const account = read(environment, 'ACTIVECAMPAIGN_ACTID');
  return new ActiveCampaignService(
    { ...options, key },
    url,
    eventKey === '' || account === '' ? null : { account, key: eventKey },
  );
}

function read(environment: Environment, name: string): string {
  return environment[name]?.trim() ?? '';
}

function noKey(target: BlockTarget, variable: string, place: string): UserError {
  return new UserError(
    'NO_KEY',
    `${variable} is not set: put a key of the account there (${ESP_NAMES[target]}, ${place}). It is read from the environment only and never written anywhere.`,
  );
}
