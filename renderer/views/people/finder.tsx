// Whom to look at: the gallery of telling people, or a list with its count first, a window of it at a time, and the whole
// of it as CSV.

import { useState } from 'react';
import type {
  GalleryAnswer,
  PeopleListAnswer,
  ProgrammeGalleryAnswer,
  ProgrammeRequest,
} from '../../../engine/api/index.ts';
import { exactCount, exactPlural } from '../../../engine/base/index.ts';
import { useHost, useWindow, useWindowStore } from '../../state/context.tsx';
import { isAbort, problemOf } from '../../state/problem.ts';
import { requestOf } from '../../state/questions.ts';
import { Button } from '../../ui/button.tsx';
import { Absent } from '../../ui/figures.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { clockOf } from './answer-words.ts';
import { momentTimeWords, type PeopleQuestion } from './people-link.ts';
import { type Answered, useAnswer } from './use-answer.ts';

/** Drawn at once. */
const WINDOW = 200;

type OnAsk = (change: Partial<PeopleQuestion>) => void;
type Kind = (GalleryAnswer | ProgrammeGalleryAnswer)['gallery'][number]['kind'];

const HEADS: Readonly<Record<Kind, string>> = {
  mostEmailed: 'Most emailed',
  atCap: 'At the cap',
  nearestMiss: 'Nearest miss',
  boughtJustBefore: 'Answered just before the trigger',
  boughtTwice: 'Reached the goal twice',
  clockChange: 'Crossed a clock change',
  heldOutAndBought: 'Held out, and bought',
  threeInADay: 'A third email in a day',
  afterPurchase: 'An email right after the goal',
  twoAtOnce: 'In two workflows at once',
  keptOutOfAll: 'Kept out of all workflows',
};

/** Whose people: those of the open workflow where it is null. Made anew at every drawing; its text is what decides. */
export type Programme = ProgrammeRequest | null;

export function useGallery(programme: Programme): Answered<GalleryAnswer | ProgrammeGalleryAnswer> {
  return useAnswer<GalleryAnswer | ProgrammeGalleryAnswer>(
    `gallery ${JSON.stringify(programme)}`,
    (api, request, options) =>
      programme === null ? api.gallery(request, options) : api.galleryProgramme(programme, options),
  );
}

export interface GalleryProps {
  readonly gallery: Answered<GalleryAnswer | ProgrammeGalleryAnswer>;
  readonly isNarrow: boolean;
  readonly onAsk: OnAsk;
}

export function Gallery({ gallery: { value, problem }, isNarrow, onAsk }: GalleryProps) {
  const Heading = isNarrow ? 'h4' : 'h2';
  if (problem !== null) return <ErrorState title="They could not be found.">{problem.message}</ErrorState>;
  if (value === null) return <p className="note">Telling people are being found.</p>;
  return (
    <div className={isNarrow ? 'gallery gallery-narrow' : 'gallery'}>
      {value.gallery.map(({ kind, people, found, reason }) => (
        <section key={kind} aria-label={HEADS[kind]}>
          <Heading>
            {HEADS[kind]} {people > found.length && <span className="note">of {exactCount(people)}</span>}
          </Heading>
          {found.length === 0 ? (
            <Absent>{reason ?? 'Nobody.'}</Absent>
          ) : (
            <ul>
              {found.map(({ person, at, why }) => (
                <li key={person}>
                  <Button look="link" onClick={() => onAsk({ person, at })}>
                    {person}
                  </Button>
                  <span>{why}</span>
                </li>
              ))}
            </ul>
          )}
        </section>
      ))}
    </div>
  );
}

interface ListQuestion extends Pick<PeopleQuestion, 'filter' | 'group' | 'collision' | 'search'> {
  readonly programme: Programme;
}

export interface FoundList {
  readonly answer: Answered<PeopleListAnswer>;
  readonly offset: number;
  readonly setOffset: (offset: number) => void;
}

/** @param question null: no list is wanted */
export function useFound(question: ListQuestion | null): FoundList {
  const about = question === null ? null : JSON.stringify(question);
  const [page, setPage] = useState({ about, offset: 0 });
  // Another list begins at its beginning.
  const offset = page.about === about ? page.offset : 0;
  const answer = useAnswer(about === null ? null : `${about} ${offset}`, (api, request, options) => {
    const { programme, filter, group, collision, search } = question as ListQuestion;
    const page = { filter, search: search === '' ? null : search, offset, limit: WINDOW };
    return programme === null
      ? api.listPeople({ ...request, ...page, group }, options)
      : api.listProgrammePeople({ ...programme, ...page, collision }, options);
  });
  return { answer, offset, setOffset: (next) => setPage({ about, offset: next }) };
}

export interface FoundProps extends ListQuestion {
  readonly found: FoundList;
  readonly isNarrow: boolean;
  readonly chosen: string | null;
  readonly onAsk: OnAsk;
}

export function Found({ found, isNarrow, chosen, onAsk, ...question }: FoundProps) {
  const { group, filter, collision } = question;
  const isOfSomething = group === null && (filter !== null || collision !== null);
  const when = group?.of === 'moment' ? momentTimeWords(group.moment) : group?.of === 'episode' ? 'Opened' : null;
  const { answer, offset, setOffset } = found;
  const clock = clockOf(useZone());
  if (answer.problem !== null)
    return <ErrorState title="They could not be listed.">{answer.problem.message}</ErrorState>;
  const list = answer.value;
  if (list === null) return <p className="note">They are being found.</p>;
  if (list.total === 0) {
    return (
      <div className="people-nobody">
        <p>Nobody matches.</p>
        {list.nearest.length > 0 && (
          <p>
            Ids that begin alike:{' '}
            {list.nearest.map((id) => (
              <Button key={id} look="link" onClick={() => onAsk({ person: id, at: null, search: '' })}>
                {id}
              </Button>
            ))}
          </p>
        )}
      </div>
    );
  }
  const last = offset + list.people.length;
  const words =
    list.total <= WINDOW
      ? exactPlural(list.total, 'person', 'people')
      : `${offset === 0 ? `First ${exactCount(last)}` : `${exactCount(offset + 1)} to ${exactCount(last)}`} of ${exactCount(list.total)}`;
  const name = (person: string, at: number | null) => (
    <Button look="link" aria-pressed={person === chosen} onClick={() => onAsk({ person, at })}>
      {person}
    </Button>
  );
  return (
    <div className={answer.isCurrent ? 'people-list' : 'people-list stale'}>
      <div className="people-count">
        <b role="status">{words}</b>
        {list.total > WINDOW && (
          <>
            <Button disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - WINDOW))}>
              Previous
            </Button>
            <Button disabled={last >= list.total} onClick={() => setOffset(offset + WINDOW)}>
              Next
            </Button>
          </>
        )}
        {!isNarrow && <SaveList {...question} />}
      </div>
      {isNarrow ? (
        <ul className="people-names">
          {list.people.map(({ person, at }) => (
            <li key={person}>{name(person, at)}</li>
          ))}
        </ul>
      ) : (
        <Table
          label="People"
          columns={
            !isOfSomething
              ? [{ label: 'Person' }, ...(when === null ? [] : [{ label: when }])]
              : [{ label: 'Person' }, { label: 'Last' }, { label: 'Times', align: 'right' }]
          }
          rows={list.people.map(({ person, at, n }) => ({
            key: person,
            cells: !isOfSomething
              ? [name(person, at), ...(when === null ? [] : [at === null ? '' : clock(at)])]
              : [name(person, at), at === null ? '' : clock(at), n === null ? '' : exactCount(n)],
          }))}
        />
      )}
    </div>
  );
}

function SaveList({ programme, filter, group, collision, search }: ListQuestion) {
  const { api, download } = useHost();
  const store = useWindowStore();
  const [problem, setProblem] = useState<string | null>(null);
  const [isMaking, setMaking] = useState(false);
  const save = async () => {
    const request = requestOf(store.getState());
    if (request === null) return;
    setMaking(true);
    setProblem(null);
    try {
      const page = { filter, search: search === '' ? null : search, offset: 0, limit: WINDOW };
      await download(
        await (programme === null
          ? api.peopleFile({ ...request, ...page, group })
          : api.programmePeopleFile({ ...programme, ...page, collision })),
      );
    } catch (error) {
      if (!isAbort(error)) setProblem(problemOf(error).message);
    } finally {
      setMaking(false);
    }
  };
  return (
    <>
      <Button icon="download" disabled={isMaking} onClick={() => void save()}>
        Save all as CSV
      </Button>
      {problem !== null && <span role="alert">{problem}</span>}
    </>
  );
}

/** The workflow's zone, in which local times are told. */
export function useZone(): string {
  return useWindow(({ workflow }) => {
    const zone = workflow.file?.['timezone'];
    return typeof zone === 'string' && zone !== '' ? zone : 'UTC';
  });
}
