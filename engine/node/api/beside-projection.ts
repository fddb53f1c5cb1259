// What may come along with a projection, from its own draws: which assumption matters, what each email adds to the
// others, and a file of people.

import type { ProjectRequest } from '../../api/index.ts';
import { UserError } from '../../base/index.ts';
import type { History } from '../../events/index.ts';
import {
  type Draw,
  type EmailsWatch,
  type EmailValue,
  type PeopleWatch,
  type ProjectedPerson,
  type Projection,
  type Sensitivity,
  type Setting,
  sensitivity,
  watchEmails,
  watchPeople,
} from '../../projection/index.ts';
import type { EnrollmentColumns } from '../../replay/index.ts';
import { openRowFile, type RowColumns } from '../decision-log.ts';

/** Each is there where it was asked for; null where nothing is projected. */
export interface BesideProjection {
  readonly sensitivity?: Sensitivity | null;
  readonly emails?: readonly EmailValue[] | null;
}

type PersonRow = Omit<ProjectedPerson, 'isRepeat'> & { readonly entry: 'first' | 'repeat' };

/** Times are ms since the epoch, `convertedAfter` ms since the trigger. */
const COLUMNS: RowColumns<PersonRow> = {
  person: 'VARCHAR',
  triggered: 'BIGINT',
  entry: 'VARCHAR',
  arm: 'VARCHAR',
  convertedAfter: 'BIGINT',
  value: 'DOUBLE',
  increment: 'DOUBLE',
  low: 'DOUBLE',
  high: 'DOUBLE',
};

export function besideProjection(
  request: Pick<ProjectRequest, 'peopleFile' | 'sensitivity' | 'eachEmail' | 'seed'>,
  history: History,
  columns: EnrollmentColumns,
): {
  watch(setting: Setting): (draw: Draw) => void;
  /** @throws UserError `NO_PEOPLE` where there is nobody to write of */
  finish(projection: Projection): Promise<BesideProjection>;
} {
  const { peopleFile = null, seed } = request;
  let seen: {
    readonly setting: Setting;
    readonly people: PeopleWatch | null;
    readonly emails: EmailsWatch | null;
  } | null = null;
  return {
    watch(setting) {
      const people = peopleFile === null ? null : watchPeople(history, columns, setting);
      const emails = request.eachEmail === true ? watchEmails(history, columns, setting) : null;
      seen = { setting, people, emails };
      return (draw) => {
        people?.draw(draw);
        emails?.draw(draw);
      };
    },
    async finish(projection) {
      if (peopleFile !== null) await writePeople(peopleFile, seen?.people ?? null, projection);
      const isMoneyKnown = projection.profit.expected !== null;
      return {
        ...(request.sensitivity === true
          ? { sensitivity: seen === null ? null : sensitivity(seen.setting, seed, isMoneyKnown) }
          : {}),
        ...(request.eachEmail === true
          ? { emails: seen?.emails?.values(projection.profit.reason ?? null) ?? null }
          : {}),
      };
    },
  };
}

async function writePeople(path: string, people: PeopleWatch | null, projection: Projection): Promise<void> {
  if (people === null) {
    const { identified, incremental } = projection;
    const reason = identified === true ? (incremental.reason ?? 'Nobody enrolls.') : identified.reason;
    throw new UserError('NO_PEOPLE', `There are no people to write of: ${reason}`);
  }
  const file = openRowFile(path, COLUMNS);
  try {
    for (const { isRepeat, ...row } of people.rows()) file.write({ ...row, entry: isRepeat ? 'repeat' : 'first' });
    await file.finish();
  } catch (error) {
    file.abandon();
    throw error;
  }
}
