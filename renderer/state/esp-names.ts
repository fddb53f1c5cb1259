// What the email services are called.

import type { EspTarget } from '../../engine/esp/index.ts';

export const ESP_NAMES: Readonly<Record<EspTarget, string>> = {
  klaviyo: 'Klaviyo',
  mailchimp: 'Mailchimp',
  activecampaign: 'ActiveCampaign',
};
