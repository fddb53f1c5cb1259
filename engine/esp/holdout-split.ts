// Who is held out, at Klaviyo. Known people carry their arm, the salt it was drawn with and the time in their profile
// before anything is sent; the flow itself draws only for people who carry none under this salt, writes it down, and so
// keeps it. Under a new salt everybody counts as new.

import { type Arm, assignArm } from '../holdout/index.ts';
import type { Workflow } from '../workflow/index.ts';
import type { Groups } from './conditions.ts';
import type { ProfileCondition, ProfileOperation } from './klaviyo-types.ts';
import { propertyName } from './marker.ts';
import type { Problems } from './problems.ts';
import type { GlobalHoldout, HoldoutProperties } from './types.ts';

export interface HoldoutNames {
  readonly properties: HoldoutProperties;
  /** Whole percent, as Klaviyo draws. */
  readonly percentage: number;
}

/** Null where nobody is held out. Klaviyo draws by whole percents; other fractions are refused with the nearest. */
export function holdoutNames(workflow: Workflow, problems: Problems): HoldoutNames | null {
  const { fraction, salt } = workflow.holdout;
  if (fraction === 0) return null;
  const percentage = Math.round(fraction * 100);
  if (Math.abs(percentage - fraction * 100) > 1e-9 || percentage < 1) {
    const near = Math.min(99, Math.max(1, percentage)) / 100;
    problems.cannot(
      'holdout.fraction',
      `Klaviyo draws new people by whole percents; ${fraction} is none. The nearest is ${near}.`,
    );
  }
  const properties: HoldoutProperties = {
    arm: propertyName(workflow.id, 'arm'),
    salt: propertyName(workflow.id, 'salt'),
    time: propertyName(workflow.id, 'time'),
    fraction,
    saltValue: salt,
  };
  return { properties, percentage: Math.min(99, Math.max(1, percentage)) };
}

/** The profile properties of one person, to be written before the flow may send. @param time ms since the epoch */
export function assignmentOf(
  properties: HoldoutProperties,
  personId: string,
  time: number,
): { readonly arm: Arm; readonly properties: Readonly<Record<string, string>> } {
  const arm = assignArm(properties.saltValue, personId, properties.fraction);
  return {
    arm,
    properties: {
      [properties.arm]: arm,
      [properties.salt]: properties.saltValue,
      [properties.time]: new Date(time).toISOString(),
    },
  };
}

/** `drawn`: carries no arm under this salt, and the lot falls on the holdout. `heldOut`: carries that arm. */
export function armGroups({ properties, percentage }: HoldoutNames, arm: Arm): { drawn: Groups; heldOut: Groups } {
  const { salt, saltValue } = properties;
  return {
    drawn: [[...isNot(salt, saltValue)], [{ type: 'profile-sample', percentage }]],
    heldOut: [[is(properties.arm, arm)], [is(salt, saltValue)]],
  };
}

/** The day is written for the held out only: of the treated the flow would overwrite the day Foresend wrote. */
export function assignmentActions({ properties }: HoldoutNames, arm: Arm): readonly ProfileOperation[] {
  const text = (property_key: string, property_value: string): ProfileOperation => ({
    operator: 'create',
    property_type: 'string',
    property_key,
    property_value,
  });
  const written = [text(properties.arm, arm), text(properties.salt, properties.saltValue)];
  if (arm === 'treated') return written;
  return [
    ...written,
    { operator: 'create', property_type: 'date', property_key: properties.time, property_value: 'today' },
  ];
}

/** Null where nobody is held out of everything. */
export function globalHoldoutOf({ globalHoldout }: Workflow): GlobalHoldout | null {
  if (globalHoldout === null || globalHoldout.fraction === 0) return null;
  const { salt, fraction } = globalHoldout;
  return { property: globalProperty(salt), fraction, saltValue: salt };
}

/** The property that holds a person out of everything; known people only. */
export function globalProperty(salt: string): string {
  return propertyName('global', salt);
}

export function globalGroups(salt: string): Groups {
  return [[...isNot(globalProperty(salt), 'holdout')]];
}

function is(property: string, value: string): ProfileCondition {
  return { type: 'profile-property', property, filter: { type: 'string', operator: 'equals', value } };
}

function isNot(property: string, value: string): readonly ProfileCondition[] {
  return [
    { type: 'profile-property', property, filter: { type: 'string', operator: 'not-equals', value } },
    { type: 'profile-property', property, filter: { type: 'existence', operator: 'not-set' } },
  ];
}
