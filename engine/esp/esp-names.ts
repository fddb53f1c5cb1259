// What the services are called.

import type { EspTarget } from './types.ts';

export const ESP_NAMES: Readonly<Record<EspTarget, string>> = {
  klaviyo: 'Klaviyo',
  mailchimp: 'Mailchimp',
  activecampaign: 'ActiveCampaign',
};
