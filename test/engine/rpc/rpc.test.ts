import { describe, expect, it } from 'vitest';
import type { CallOptions, Progress, WindowApi, WorkflowDocument } from '../../../engine/api/index.ts';
import { UserError } from '../../../engine/base/index.ts';
import {
  type Answering,
  type Caller,
  createCaller,
  createServer,
  LONGEST_MESSAGE,
  METHODS,
  type Notice,
  type RpcServer,
  requestProblem,
} from '../../../engine/rpc/index.ts';

type Answer = (request: unknown, options: Required<CallOptions>, method: string) => unknown;

/** Both ends, with texts that take a turn of the event loop to arrive. */
function connected(answer: Answer) {
  const notices: Notice[] = [];
  const texts: string[] = [];
  const answering: Answering = async (method, request, options) =>
    JSON.stringify((await answer(request, options as Required<CallOptions>, method)) ?? null);
  const later = (job: () => void) => setImmediate(job);
  const server: RpcServer = createServer(answering, (text) => later(() => caller.receive(text)));
  const caller: Caller = createCaller(
    (text) => {
      texts.push(text);
      later(() => server.receive(text));
    },
    (notice) => notices.push(notice),
  );
  return { api: caller.api, caller, server, notices, texts };
}

/** The serving end alone. */
function served(answer: Answering = async () => 'null') {
  const sent: { id?: number; kind: string; error?: { code: string; message: string }; value?: unknown }[] = [];
  const server = createServer(answer, (text) => sent.push(JSON.parse(text)));
  const call = (message: unknown) => server.receive(typeof message === 'string' ? message : JSON.stringify(message));
  return { server, sent, call };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 20));
const workflow = { dataset: null, workflow: {}, workflowPath: 'a.json', set: [], seed: 1 };
const progress: Progress = { stage: 'replaying', done: 1, total: 2, unit: 'people' };

describe('a call over the line', () => {
  it('arrives with its request, and its answer comes back as it was', async () => {
    const { api } = connected((request, _, method) => ({ method, request, none: null, nested: [1.5, 'ü'] }));
    expect(await api.calibrate(workflow)).toEqual({
      method: 'calibrate',
      request: workflow,
      none: null,
      nested: [1.5, 'ü'],
    });
    expect(await api.ready()).toMatchObject({ method: 'ready', request: null });
  });

  it('is one of many, which may end in any order', async () => {
    const { api } = connected(async (request) => {
      const { seed } = request as { seed: number };
      await new Promise((resolve) => setTimeout(resolve, 20 - seed));
      return seed;
    });
    const asked = Array.from({ length: 20 }, (_, seed) => api.calibrate({ ...workflow, seed }));
    expect(await Promise.all(asked)).toEqual(Array.from({ length: 20 }, (_, seed) => seed));
  });

  it('says how far it is', async () => {
    const { api } = connected((_, { onProgress }) => onProgress(progress));
    const seen: Progress[] = [];
    await api.calibrate(workflow, { onProgress: (one) => seen.push(one) });
    expect(seen).toEqual([progress]);
  });

  it('tells every page what it did not ask for', async () => {
    const { server, notices } = connected(() => null);
    const document: WorkflowDocument = { path: 'a.json', text: '{}', revision: '1' };
    server.notify({ name: 'workflowChanged', document });
    await settled();
    expect(notices).toEqual([{ name: 'workflowChanged', document }]);
  });
});

describe('a call that fails', () => {
  it('throws what the user is to be told, whole', async () => {
    const issues = [{ code: 'BAD', message: 'no', at: 'trigger.within', severity: 'error' }] as const;
    const { api } = connected(() => {
      throw new UserError('WORKFLOW', 'It cannot run.', issues);
    });
    const failed = api.calibrate(workflow);
    await expect(failed).rejects.toBeInstanceOf(UserError);
    await expect(failed).rejects.toMatchObject({
      name: 'UserError',
      code: 'WORKFLOW',
      message: 'It cannot run.',
      issues,
    });
  });

  it('tells of a bug by its message, and nothing of where', async () => {
    const { api, server } = connected(() => {
      throw new TypeError('x is not a function');
    });
    await expect(api.calibrate(workflow)).rejects.toMatchObject({ code: 'INTERNAL', message: 'x is not a function' });
    const sent: string[] = [];
    const other = createServer(
      () => {
        throw new TypeError('x');
      },
      (text) => sent.push(text),
    );
    other.receive(JSON.stringify({ kind: 'call', id: 1, method: 'datasets' }));
    await settled();
    expect(sent[0]).not.toContain('rpc.test');
    server.close();
  });

  it('rejects with the line when that goes', async () => {
    const { api, caller } = connected(() => new Promise(() => {}));
    const asked = api.calibrate(workflow);
    caller.fail(new UserError('ENGINE_LOST', 'gone'));
    await expect(asked).rejects.toMatchObject({ code: 'ENGINE_LOST' });
  });
});

describe('a call that is cancelled', () => {
  const endless: Answer = (_, { signal }) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new UserError('CANCELLED', 'Nothing was changed.')));
    });

  it('rejects at once where it only asked, and is cancelled over there', async () => {
    let isAborted = false;
    const { api } = connected((request, options, method) => {
      options.signal.addEventListener('abort', () => {
        isAborted = true;
      });
      return endless(request, options, method);
    });
    const abort = new AbortController();
    const asked = api.calibrate(workflow, { signal: abort.signal });
    await settled();
    abort.abort();
    await expect(asked).rejects.toMatchObject({ name: 'AbortError', code: 'CANCELLED' });
    await settled();
    expect(isAborted).toBe(true);
  });

  it('waits for what became of it where it changes something', async () => {
    const abort = new AbortController();
    const request = { persons: 10, seed: 1, dataset: 'a', out: null };
    const done = connected(async () => {
      await settled();
      return { dataset: 'a' };
    });
    const asked = done.api.synth(request, { signal: abort.signal });
    abort.abort();
    expect(await asked).toEqual({ dataset: 'a' });
    const other = new AbortController();
    const stopped = connected(endless).api.synth(request, { signal: other.signal });
    await settled();
    other.abort();
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError', message: 'Nothing was changed.' });
  });

  it('is not even sent where it was cancelled before', async () => {
    const { api, texts } = connected(() => null);
    await expect(api.ready({ signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    expect(texts).toEqual([]);
  });

  it('is cancelled when its page goes', async () => {
    let isAborted = false;
    const { server, call } = served(async (_method, _request, { signal }) => {
      signal.addEventListener('abort', () => {
        isAborted = true;
      });
      return await new Promise<string>(() => {});
    });
    call({ kind: 'call', id: 1, method: 'datasets' });
    server.close();
    expect(isAborted).toBe(true);
  });
});

describe('what is refused on the serving side', () => {
  it.each([
    'no JSON',
    '',
    'null',
    '[]',
    '7',
    '{}',
    '{"kind":"call","id":0,"method":"datasets"}',
    '{"kind":"call","id":1.5,"method":"datasets"}',
    '{"kind":"call","id":"1","method":"datasets"}',
    '{"kind":"call","id":1}',
    '{"kind":"call","id":1,"method":["datasets"]}',
    '{"kind":"answer","id":1,"value":null}',
    `{"kind":"call","id":1,"method":"datasets","request":"${'x'.repeat(LONGEST_MESSAGE)}"}`,
  ])('no message: %.60s', (text) => {
    expect(served().call(text)).toBe(false);
  });

  it('anything but a text', () => {
    const { server } = served();
    for (const data of [undefined, null, 7, {}, new Uint8Array(3)]) expect(server.receive(data)).toBe(false);
  });

  it('a number that is in use', () => {
    const { call } = served(() => new Promise(() => {}));
    expect(call({ kind: 'call', id: 1, method: 'datasets' })).toBe(true);
    expect(call({ kind: 'call', id: 1, method: 'datasets' })).toBe(false);
  });

  it.each(['', 'close', 'constructor', 'toString', '__proto__', 'hasOwnProperty', 'addFile', 'write', 'Ready'])(
    'the method "%s"',
    async (method) => {
      const { call, sent } = served();
      expect(call({ kind: 'call', id: 1, method })).toBe(true);
      await settled();
      expect(sent).toMatchObject([{ kind: 'failure', id: 1, error: { code: 'BAD_REQUEST' } }]);
    },
  );

  it('more calls at once than anybody needs', async () => {
    const { call, sent } = served(() => new Promise(() => {}));
    for (let id = 1; id <= 65; id++) call({ kind: 'call', id, method: 'datasets' });
    await settled();
    expect(sent).toMatchObject([{ id: 65, error: { code: 'TOO_MANY_CALLS' } }]);
  });

  it('paths of the page’s choice', () => {
    const replay = { ...workflow, log: null, shard: null, part: null };
    expect(requestProblem('replay', replay)).toBeNull();
    expect(requestProblem('replay', { ...replay, log: '/tmp/a.csv' })).toContain('request.log');
    expect(requestProblem('replay', { ...replay, part: '/tmp/a.json' })).toContain('request.part');
    const synth = { persons: 10, seed: 1, dataset: 'a', out: null };
    expect(requestProblem('synth', synth)).toBeNull();
    expect(requestProblem('synth', { ...synth, out: '/tmp/a.csv' })).toContain('request.out');
    expect(requestProblem('saveWorkflow', { text: '{}', revision: '1', path: '/etc/passwd' })).toContain('not known');
  });

  it.each([
    ['calibrate', null],
    ['calibrate', { ...workflow, seed: -1 }],
    ['calibrate', { ...workflow, seed: '1' }],
    ['calibrate', { ...workflow, workflow: [] }],
    ['calibrate', { ...workflow, set: 'trigger.within=1h' }],
    ['calibrate', { ...workflow, set: [7] }],
    ['calibrate', { ...workflow, extra: 1 }],
    ['ready', {}],
    ['exportFile', { ...workflow, kind: 'exe', response: null }],
    ['keepFile', { name: '../a.png', type: 'image/png', base64: '' }],
    ['keepFile', { name: 'a.html', type: 'image/png', base64: '' }],
    ['keepFile', { name: 'a.png', type: 'text/html', base64: '' }],
    ['breakdown', { ...workflow, response: null, draws: 20_001 }],
    ['compare', { dataset: null, columns: [], seed: 1, draws: 100, peopleFile: '/tmp/people.csv' }],
    ['compare', { dataset: null, columns: [{ name: 'a' }], seed: 1, draws: 100, peopleFile: null }],
    ['sniff', { files: ['x'.repeat(2_000)], format: null, map: {}, eventName: null }],
    ['sniff', { files: [], format: null, map: { user: 7 }, eventName: null }],
    ['removeDataset', { dataset: null }],
    ['checkWorkflow', { text: 'x'.repeat(1_000_001), dataset: null }],
  ] as const)('a request that is none of %s', (method, request) => {
    expect(requestProblem(method, request)).toMatch(/^request/);
  });

  it('knows every call of the interface, and no other', () => {
    const all: Record<keyof WindowApi, true> = {
      datasets: true,
      personalize: true,
      growDemo: true,
      activeHours: true,
      sendTimes: true,
      importFiles: true,
      synth: true,
      describe: true,
      applyRemedy: true,
      takeBackRemedy: true,
      calibrate: true,
      replay: true,
      sweep: true,
      project: true,
      crowding: true,
      traffic: true,
      holdoutPlan: true,
      holdoutLock: true,
      holdoutPlans: true,
      holdoutPast: true,
      holdoutReadPlan: true,
      holdoutLook: true,
      holdoutAnalyze: true,
      compare: true,
      comparePeople: true,
      ruleCosts: true,
      launch: true,
      backtest: true,
      moments: true,
      segments: true,
      explain: true,
      replayProgramme: true,
      explainProgramme: true,
      galleryProgramme: true,
      listProgrammePeople: true,
      programmeShelf: true,
      openProgramme: true,
      keptProgramme: true,
      keepProgramme: true,
      programmeFile: true,
      programmeCosts: true,
      programmePeopleFile: true,
      ready: true,
      sniff: true,
      savedMappings: true,
      forgetMapping: true,
      importReport: true,
      exportDataset: true,
      removeDataset: true,
      restoreDataset: true,
      openWorkflow: true,
      saveWorkflow: true,
      checkWorkflow: true,
      windows: true,
      people: true,
      gallery: true,
      listPeople: true,
      peopleFile: true,
      breakdown: true,
      exportFile: true,
      keepFile: true,
      scenarios: true,
      saveScenarios: true,
      keptEdits: true,
      keepEdits: true,
      espStanding: true,
      espPlan: true,
      espApply: true,
      espVerify: true,
      espPull: true,
      espPulls: true,
      liveFlows: true,
      workflows: true,
      switchWorkflow: true,
      openFlow: true,
      espTick: true,
      espAdopt: true,
      espPlanFile: true,
      espRemove: true,
      espKey: true,
      espAddress: true,
      espSheetFile: true,
      espFetchTest: true,
      espTry: true,
    };
    expect([...METHODS].sort()).toEqual(Object.keys(all).sort());
  });
});
