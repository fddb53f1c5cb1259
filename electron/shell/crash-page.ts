// What stands in a window whose page has died: a page without a script, so that it cannot die of the same. The engine
// lives in a process of its own and has the workspace; opening the page again shows what was there.

const TEXT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<title>This window stopped</title>
<link rel="stylesheet" href="/crashed.css">
<main>
<h1>This window stopped.</h1>
<p>The page that draws the screens ended, by a fault of Foresend or for want of memory.
Nothing is lost: the workspace is one file that another process holds and writes as a whole, and the workflow is saved as you go.</p>
<p><a href="/" autofocus>Open it again</a></p>
</main>
</html>
`;

const LOOK = `
:root { color-scheme: light dark; background: #fff; color: #16191d; }
body { margin: 0; font: 13px/18px system-ui, sans-serif; }
main { max-width: 480px; margin: 20vh auto 0; padding: 0 20px; }
h1 { font-size: 20px; line-height: 26px; font-weight: 600; margin: 0 0 10px; }
a { display: inline-block; padding: 5px 12px; border-radius: 6px; background: #16191d; color: #fff; text-decoration: none; }
a:focus-visible { outline: 2px solid; outline-offset: 2px; outline-color: #16191d; }
@media (prefers-color-scheme: dark) {
  :root { background: #15181c; color: #eceef1; }
  a { background: #eceef1; color: #16191d; }
  a:focus-visible { outline-color: #eceef1; }
}
`;

export const CRASH_PATH = '/crashed';

/** By path, as the built page's files. */
export const CRASH_FILES: ReadonlyMap<string, { readonly type: string; readonly body: Buffer }> = new Map([
  [CRASH_PATH, { type: 'text/html; charset=utf-8', body: Buffer.from(TEXT) }],
  ['/crashed.css', { type: 'text/css; charset=utf-8', body: Buffer.from(LOOK) }],
]);
