// Time zones by the names Klaviyo takes: those of the zone database, in today's spelling, where a platform may still have
// the older one.

import type { Problems } from './problems.ts';

const RENAMED: Readonly<Record<string, string>> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Catamarca': 'America/Argentina/Catamarca',
  'America/Coral_Harbour': 'America/Atikokan',
  'America/Cordoba': 'America/Argentina/Cordoba',
  'America/Godthab': 'America/Nuuk',
  'America/Indianapolis': 'America/Indiana/Indianapolis',
  'America/Jujuy': 'America/Argentina/Jujuy',
  'America/Louisville': 'America/Kentucky/Louisville',
  'America/Mendoza': 'America/Argentina/Mendoza',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
};
/** Younger than the vendor's list. */
const MISSING = new Set(['America/Coyhaique']);

/** @param zone a valid IANA zone; one that Klaviyo does not list is refused */
export function vendorZone(zone: string, problems: Problems): string {
  const own = new Intl.DateTimeFormat('en-US', { timeZone: zone }).resolvedOptions().timeZone;
  const name = RENAMED[own] ?? own;
  const isListed =
    name === 'UTC' || name === 'GMT' || (Intl.supportedValuesOf('timeZone').includes(own) && !MISSING.has(own));
  if (!isListed) {
    problems.cannot(
      'timezone',
      `Klaviyo does not list the zone "${zone}"; name that of a city, such as "America/New_York".`,
    );
  }
  return name;
}
