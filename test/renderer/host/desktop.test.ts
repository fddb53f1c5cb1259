import { expect, it } from 'vitest';
import { type Bridge, connectDesktop } from '../../../renderer/host/desktop.ts';

/** The page's window with a bridge in it, and the main program's end of every port. */
function desktop() {
  const listeners = new Set<(event: MessageEvent) => void>();
  const engines: MessagePort[] = [];
  const forgotten: string[] = [];
  let lose = (_: string) => {};
  const page = {
    addEventListener: (_: string, listener: (event: MessageEvent) => void) => listeners.add(listener),
    removeEventListener: (_: string, listener: (event: MessageEvent) => void) => listeners.delete(listener),
  } as unknown as Window;
  const say = (event: { source: unknown; data: unknown; ports: MessagePort[] }) => {
    for (const listener of listeners) listener(event as unknown as MessageEvent);
  };
  const bridge: Bridge = {
    connect() {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => {
        const { id, method } = JSON.parse(data as string) as { id: number; method: string };
        if (method === 'datasets') port1.postMessage(JSON.stringify({ kind: 'answer', id, value: [engines.length] }));
      };
      engines.push(port1);
      // What another window says is no port of ours.
      say({ source: {}, data: 'foresend-line', ports: [new MessageChannel().port1] });
      say({ source: page, data: 'something else', ports: [port2] });
      say({ source: page, data: 'foresend-line', ports: [port2] });
    },
    addFile: async (file) => (file.name === 'pasted.csv' ? null : `handle of ${file.name}`),
    forgetFile: (handle) => forgotten.push(handle),
    save: async () => true,
    keepKey: async (vendor) => vendor === 'klaviyo',
    onEngineLost: (listener) => {
      lose = listener;
    },
  };
  return {
    page,
    bridge,
    engines,
    forgotten,
    lose: (how: string) => lose(how),
    close: () => {
      for (const one of engines) one.close();
    },
  };
}

it('asks over the port it is handed, and over a new one when the engine is a new one', async () => {
  const { page, bridge, engines, lose, close } = desktop();
  const host = await connectDesktop(bridge, page);
  expect(await host.api.datasets()).toEqual([1]);
  const cut = host.api.ready();
  lose('The engine ended.');
  await expect(cut).rejects.toMatchObject({ code: 'ENGINE_LOST', message: 'The engine ended.' });
  expect(await host.api.datasets()).toEqual([2]);
  expect(engines).toHaveLength(2);
  close();
});

it('reaches the keychain of the system', async () => {
  const { page, bridge, close } = desktop();
  const { keepKey } = await connectDesktop(bridge, page);
  expect([await keepKey?.('klaviyo', 'pk'), await keepKey?.('other', null)]).toEqual([true, false]);
  close();
});

it('hands over files of this computer by a handle, and says of others that they are none', async () => {
  const { page, bridge, forgotten, close } = desktop();
  const host = await connectDesktop(bridge, page);
  const sizes: number[][] = [];
  const handle = await host.upload(new File(['abc'], 'carts.csv'), (...size) => sizes.push(size));
  expect(handle).toBe('handle of carts.csv');
  expect(sizes).toEqual([[3, 3]]);
  host.release(handle);
  expect(forgotten).toEqual([handle]);
  await expect(host.upload(new File([''], 'pasted.csv'))).rejects.toThrow('pasted.csv is no file on this computer.');
  close();
});

it('saves by the dialog, and tells a dialog that was closed from a file that was saved', async () => {
  const { page, bridge, close } = desktop();
  const asked: string[] = [];
  const save = async (handle: string) => {
    asked.push(handle);
    return handle === 'wanted';
  };
  const host = await connectDesktop({ ...bridge, save }, page);
  const made = (handle: string) => host.download({ name: 'a.png', type: 'image/png', bytes: 3, handle });
  expect(await made('wanted')).toBe(true);
  expect(await made('not wanted')).toBe(false);
  expect(asked).toEqual(['wanted', 'not wanted']);
  close();
});
