// What may be asked over the line, method by method, and which shape each request has. A page can name no path: files
// are handles the host has given out, and what would write to a path of the caller's choice is refused.

import type { WindowApi } from '../api/index.ts';

export type Method = keyof WindowApi;

/** @returns words for what is wrong, or null */
type Check = (value: unknown, at: string) => string | null;

const LONGEST_TEXT = 1_000_000;
/** As base64; a message has to hold it. */
const LONGEST_FILE = 1_900_000;
const LONGEST_NAME = 1_000;
const LONGEST_LIST = 1_000;

function text(longest: number): Check {
  return (value, at) =>
    typeof value === 'string' && value.length <= longest ? null : `${at} is no text of at most ${longest} characters`;
}

const name = text(LONGEST_NAME);
/** What any file system takes for a name in one folder. */
const fileName: Check = (value, at) =>
  typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9-]{0,120}\.(png|svg|csv)$/.test(value)
    ? null
    : `${at} is no plain name of a .png, .svg or .csv file`;
const anything: Check = () => null;

const object: Check = (value, at) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? null : `${at} is no object`;

const truth: Check = (value, at) => (typeof value === 'boolean' ? null : `${at} is neither true nor false`);

const moment: Check = (value, at) =>
  typeof value === 'number' && Number.isFinite(value) ? null : `${at} is no number of milliseconds`;

function whole(least: number, most: number): Check {
  return (value, at) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most
      ? null
      : `${at} is no whole number from ${least} to ${most}`;
}

function oneOf(...values: readonly string[]): Check {
  return (value, at) => (values.includes(value as string) ? null : `${at} is none of ${values.join(', ')}`);
}

const nothing: Check = (value, at) =>
  value === null ? null : `${at} has to be null: files are written by exportFile alone`;

function orNull(check: Check): Check {
  return (value, at) => (value === null ? null : check(value, at));
}

function list(check: Check): Check {
  return (value, at) => {
    if (!Array.isArray(value) || value.length > LONGEST_LIST) return `${at} is no list of at most ${LONGEST_LIST}`;
    return firstOf(value.map((entry, i) => check(entry, `${at}[${i}]`)));
  };
}

/** Exactly these keys; those of `optional` may be missing. */
function fields(required: Readonly<Record<string, Check>>, optional: Readonly<Record<string, Check>> = {}): Check {
  return (value, at) => {
    const wrong = object(value, at);
    if (wrong !== null) return wrong;
    const record = value as Record<string, unknown>;
    const unknown = Object.keys(record).find((key) => !Object.hasOwn(required, key) && !Object.hasOwn(optional, key));
    if (unknown !== undefined) return `${at}.${unknown} is not known`;
    return firstOf([
      ...Object.entries(required).map(([key, check]) => check(record[key], `${at}.${key}`)),
      ...Object.entries(optional).map(([key, check]) =>
        record[key] === undefined ? null : check(record[key], `${at}.${key}`),
      ),
    ]);
  };
}

function firstOf(problems: readonly (string | null)[]): string | null {
  return problems.find((problem) => problem !== null) ?? null;
}

const none: Check = (value, at) => (value === null ? null : `${at} has to be left out`);
const seed = whole(0, Number.MAX_SAFE_INTEGER);
const dataset = { dataset: orNull(name) };
const workflow = { ...dataset, workflow: object, workflowPath: name, set: list(text(10_000)), seed };
const column = fields({ name, workflow: object, workflowPath: name, set: list(text(10_000)), response: anything });
const DECISIONS = [
  ...['candidate', 'alreadyEnrolled', 'suppressed', 'enrolled', 'sent', 'ghost', 'movedPastEnd', 'branched'],
  ...['skipped', 'moved', 'exited', 'converted'],
];
const SEGMENT_KIND = oneOf('engagement', 'lifecycle', 'adoption');
const momentPart = fields({
  kind: oneOf('dropOff', 'retention', 'beforeRevenue'),
  events: list(name),
  did: orNull(truth),
  hasOutcome: orNull(truth),
});
/** Which of the optional ones belongs to which is asked when they are listed. */
const peopleGroup = fields(
  { of: oneOf('segment', 'moment') },
  {
    ...{ kind: SEGMENT_KIND, from: orNull(name), to: orNull(name), before: moment, at: moment, timezone: orNull(name) },
    moment: momentPart,
  },
);
const peopleList = {
  ...workflow,
  filter: orNull(fields({ kind: oneOf(...DECISIONS), step: orNull(name), reason: orNull(name) })),
  search: orNull(name),
  offset: whole(0, 100_000_000),
  limit: whole(1, 500),
};
/** Which of the last three belongs to which kind is asked when it is compared. */
const scenario = fields(
  { name, kind: oneOf('settings', 'batch', 'file') },
  { set: list(text(10_000)), cron: name, file: object },
);
const programme = {
  ...dataset,
  programme: fields({ file: object, workflows: list(fields({ path: name, file: object })) }),
  programmePath: name,
  set: list(text(10_000)),
  seed,
};
const programmeFiles = programme.programme;
const programmePeople = {
  ...programme,
  filter: orNull(
    fields({ kind: oneOf(...DECISIONS), step: orNull(name), reason: orNull(name) }, { workflow: orNull(name) }),
  ),
  collision: orNull(oneOf('threeInADay', 'afterPurchase', 'twoAtOnce')),
  search: orNull(name),
  offset: whole(0, 100_000_000),
  limit: whole(1, 500),
};
const cut = orNull(fields({ index: seed, of: seed }));
const map = fields({}, { user: name, event: name, time: name, value: name });
const source = { files: list(name), format: orNull(name), map, eventName: orNull(name) };
const timeUnit = orNull(oneOf('s', 'ms', 'us', 'ns', 'iso', 'yyyymmdd'));
const number: Check = (value, at) => (Number.isFinite(value) ? null : `${at} is no number`);
const question = fields({
  key: name,
  kind: oneOf('rate', 'amount'),
  baseline: number,
  sd: orNull(number),
  lift: number,
  eligiblePerWeek: orNull(number),
});
const testSettings = fields({
  power: number,
  alpha: number,
  deadlineWeeks: number,
  outcomeWindowMs: moment,
  valuePerConversion: orNull(number),
  look: oneOf('end', 'anyDay'),
});
const pulled = { target: oneOf('klaviyo') };
const esp = { target: oneOf('klaviyo', 'mailchimp', 'activecampaign') };
const audience = { audience: orNull(name) };
const OVER = fields({ path: name, values: list(name) });

const REQUESTS: Readonly<Record<Method, Check>> = {
  datasets: none,
  importFiles: fields(
    {
      ...source,
      dataset: name,
      observedFrom: orNull(moment),
      observedUntil: orNull(moment),
      keepDuplicates: truth,
      asPeople: truth,
      dayZero: orNull(name),
    },
    {
      timeUnit,
      replace: truth,
      append: truth,
      savedMapping: truth,
      pseudonyms: orNull(oneOf('beside')),
      asOf: orNull(moment),
    },
  ),
  synth: fields(
    { persons: whole(1, 10_000_000), seed, dataset: name, out: nothing },
    { model: oneOf('cart', 'saas', 'winback') },
  ),
  describe: fields(dataset, { moves: truth }),
  applyRemedy: fields({ ...dataset, finding: name }),
  takeBackRemedy: fields({ ...dataset, finding: name }),
  calibrate: fields(workflow),
  replay: fields({ ...workflow, log: nothing, shard: cut, part: nothing }),
  sweep: fields({ ...workflow, over: list(OVER), response: anything }),
  project: fields(
    { ...workflow, response: anything, draws: whole(1, 1_000_000) },
    { calibration: truth, sensitivity: truth, eachEmail: truth },
  ),
  ruleCosts: fields({ ...workflow, response: anything, draws: whole(1, 20_000) }),
  crowding: fields({ ...workflow, cap: orNull(whole(0, 1000)) }),
  traffic: fields(workflow),
  compare: fields({ ...dataset, columns: list(column), seed, draws: whole(1, 20_000), peopleFile: nothing }),
  comparePeople: fields({
    ...dataset,
    first: column,
    second: column,
    seed,
    change: orNull(oneOf('gained', 'lost', 'earlier', 'later', 'otherwise', 'unchanged')),
    offset: whole(0, 100_000_000),
    limit: whole(1, 500),
  }),
  gallery: fields(workflow),
  listPeople: fields(peopleList, { group: orNull(peopleGroup) }),
  backtest: fields({ ...workflow, split: orNull(moment), response: anything }),
  launch: fields({
    ...workflow,
    at: orNull(moment),
    perDay: orNull(whole(0, 1_000_000_000)),
    order: oneOf('newest', 'oldest'),
    maxAge: orNull(moment),
  }),
  moments: fields(dataset),
  segments: fields({
    ...dataset,
    workflow: orNull(object),
    workflowPath: name,
    set: list(text(10_000)),
    rules: oneOf('found', 'standard'),
    proposed: truth,
    at: orNull(moment),
    timezone: orNull(name),
  }),
  personalize: fields(workflow),
  activeHours: fields({ ...workflow, person: orNull(name) }),
  sendTimes: fields({ ...workflow, response: anything, draws: whole(1, 20_000) }),
  explain: fields({ ...workflow, person: name, at: orNull(moment) }),
  replayProgramme: fields({ ...programme, log: nothing, shard: cut, part: nothing }),
  explainProgramme: fields({ ...programme, person: name, at: orNull(moment) }),
  galleryProgramme: fields(programme),
  listProgrammePeople: fields(programmePeople),
  programmeShelf: none,
  openProgramme: fields({ files: list(name) }),
  keptProgramme: none,
  keepProgramme: fields({ programme: orNull(programmeFiles) }),
  programmeFile: fields({ programme: programmeFiles }),
  programmeCosts: fields({ ...programme, response: anything, draws: whole(1, 20_000) }),
  programmePeopleFile: fields(programmePeople),
  ready: none,
  growDemo: none,
  sniff: fields(source, {
    asPeople: truth,
    observedFrom: orNull(moment),
    asOf: orNull(moment),
    dayZero: orNull(name),
    timeUnit,
  }),
  savedMappings: none,
  forgetMapping: fields({ id: name }),
  importReport: fields(dataset),
  exportDataset: fields({ ...dataset, kind: oneOf('csv', 'parquet') }),
  removeDataset: fields({ dataset: name }),
  restoreDataset: fields({ dataset: name }, { fingerprint: name }),
  openWorkflow: none,
  saveWorkflow: fields({ text: text(LONGEST_TEXT), revision: name }),
  keptEdits: none,
  keepEdits: fields({ packed: object, wanted: list(name) }),
  checkWorkflow: fields({ text: text(LONGEST_TEXT), ...dataset }),
  windows: fields(workflow),
  people: fields(workflow),
  peopleFile: fields(peopleList, { group: orNull(peopleGroup) }),
  breakdown: fields(
    { ...workflow, response: anything, draws: whole(1, 20_000) },
    { calibration: truth, by: orNull(SEGMENT_KIND) },
  ),
  exportFile: fields({
    ...workflow,
    kind: oneOf('workflow', 'figures-csv', 'figures-parquet', 'report'),
    response: anything,
  }),
  scenarios: none,
  saveScenarios: fields({ scenarios: list(scenario) }),
  keepFile: fields({
    name: fileName,
    type: oneOf('image/png', 'image/svg+xml', 'text/csv'),
    base64: text(LONGEST_FILE),
  }),
  holdoutPlan: fields({ questions: list(question), settings: testSettings, inFull: name }),
  holdoutLock: fields(
    {
      question,
      settings: testSettings,
      fraction: number,
      name,
      metric: name,
      workflow: orNull(name),
    },
    { foretold: fields({ expected: number, low: number, high: number }) },
  ),
  holdoutPlans: none,
  holdoutPast: none,
  holdoutReadPlan: fields({ file: name }),
  holdoutLook: fields({ file: name }),
  holdoutAnalyze: fields(
    {
      file: name,
      arm: name,
      control: name,
      outcomes: list(name),
      value: orNull(name),
      before: orNull(name),
      per: orNull(name),
      ratio: orNull(name),
      plan: orNull(object),
    },
    { credited: orNull(name) },
  ),
  espPulls: fields(pulled),
  espPull: fields({ ...pulled, dataset: name }),
  liveFlows: fields(dataset),
  workflows: none,
  switchWorkflow: fields({ workflow: name }),
  openFlow: fields({ ...dataset, flow: name }),
  espStanding: fields(esp),
  espPlan: fields({ ...esp, dataset: orNull(name) }, audience),
  espApply: fields({ ...esp, plan: name }),
  espVerify: fields(esp),
  espRemove: fields({ ...esp, isTrial: truth }),
  espAdopt: fields({ ...esp, flow: orNull(name) }, audience),
  espPlanFile: fields({ ...esp, plan: name }),
  espKey: fields({ ...esp, key: orNull(name) }, { isKept: truth }),
  espTick: fields({ ...esp, plan: orNull(name), key: name, isDone: truth }),
  espAddress: fields({ ...esp, url: orNull(name), events: orNull(fields({ account: name, key: name })) }),
  espSheetFile: fields(esp),
  espFetchTest: fields(pulled),
  espTry: fields({ ...esp, email: name }),
};

export const METHODS = Object.keys(REQUESTS) as readonly Method[];

/** Calls that change something: cut off, they are not asked again unseen. */
export const WRITES: ReadonlySet<string> = new Set<Method>([
  'importFiles',
  'synth',
  'forgetMapping',
  'removeDataset',
  'restoreDataset',
  'applyRemedy',
  'takeBackRemedy',
  'saveWorkflow',
  'saveScenarios',
  'keepEdits',
  'keepProgramme',
  'holdoutLock',
  'espPull',
  'switchWorkflow',
  'openFlow',
  'espApply',
  'espRemove',
  'espAdopt',
  'espTick',
  'espTry',
]);

export function isMethod(method: string): method is Method {
  return Object.hasOwn(REQUESTS, method);
}

/** @returns null where the request is one of the method's; `undefined` in it counts as missing */
export function requestProblem(method: Method, request: unknown): string | null {
  return REQUESTS[method](request, 'request');
}
