export * from './effects.ts';
export { segmentsAtTrigger } from './enrolled.ts';
export * from './found.ts';
export { type MembersOf, membersOf } from './members.ts';
export * from './report.ts';
export type { KindName } from './standings.ts';
