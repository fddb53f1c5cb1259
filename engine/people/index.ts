export * from './crowding.ts';
export * from './gallery.ts';
export * from './programme.ts';
export { type Listed, type PeopleFilter, type PeopleWatch, Roster, type RosterOptions, rosterOf } from './roster.ts';
export * from './search.ts';
export type { Telling } from './telltale.ts';
export { MOST_EMAILS, type WeekOfEmails } from './weekly.ts';
