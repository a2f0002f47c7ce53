import assert from 'node:assert/strict';
import { join } from 'node:path';
import { clientFolder, createStage, findEditors, type Editors, type Stage } from './support/editors.js';
import { readIfThere, startHelix } from './support/helix.js';
import { Neovim } from './support/neovim.js';
import type { Terminal } from './support/terminal.js';
import { until } from './support/until.js';

/** A place in a project that is not ours where what other files do next needs an import that the file has not. */
const place = {
  version: { registry: 'npm', name: 'rxjs', version: '7.8.2' },
  parts: ['src', 'package.json'],
  file: 'src/internal/operators/importsN.ts',
  standing: `import { operate } from '../util/lift';

export function fresh<T>(): OperatorFunction<T, T> {
  return operate((source, subscriber) => {
    source.subscribe(
      `,
  typed: 'createOpe',
  rest: 'ratorSubscriber(',
  with: `import { operate } from '../util/lift';
import { createOperatorSubscriber } from './OperatorSubscriber';
`,
} as const;

describe('imports in Neovim', () => {
  let editors: Editors;
  let stage: Stage;
  let neovim: Neovim;
  let files = 0;

  before(async () => {
    editors = await findEditors();
    stage = await createStage(place.version, place.parts);
    neovim = await Neovim.start({
      program: editors.neovim,
      scratch: stage.scratch,
      cwd: stage.project,
      env: stage.env,
      init: `vim.opt.runtimepath:prepend(${JSON.stringify(clientFolder('neovim'))}) require('understudy').setup()`,
    });
    await neovim.open(await stage.write(place.file.replace('N', '0'), place.standing));
    await neovim.serverIsReady();
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') console.log(await neovim.account());
  });

  after(async () => {
    neovim.kill();
    await stage.remove();
  });

  it('come with what is accepted, and go with one undo', async () => {
    const accepted = await acceptUntilImported();
    assert.equal(await neovim.text(), place.with + accepted);
    await neovim.keys('<Esc>u');
    await until('both are gone', async () => {
      const text = await neovim.text();
      return !text.includes('OperatorSubscriber');
    });
    await neovim.keys('<C-r>');
    await neovim.textIs(place.with + accepted);
  });

  /** Once more in another file, until the index could be asked before the text was accepted. What follows the imports. */
  async function acceptUntilImported(): Promise<string> {
    let rest = '';
    await until(
      'the import is there',
      async () => {
        await neovim.forget();
        await neovim.open(await stage.write(place.file.replace('N', `${++files}`), place.standing));
        await neovim.keys('GA');
        await until('insert mode', async () => (await neovim.lua('return vim.api.nvim_get_mode().mode')) === 'i');
        await neovim.type(place.typed);
        await until('the ghost text goes on', async () => (await neovim.ghostText()).startsWith(place.rest));
        rest = place.standing.slice(place.standing.indexOf('\n') + 1) + place.typed + (await neovim.ghostText());
        const shownMs = performance.now();
        await until('somebody has read it', () => performance.now() - shownMs > 100 * files);
        await neovim.keys('<Tab>');
        const acceptedMs = performance.now();
        const isThere = async (): Promise<boolean> => (await neovim.text()).startsWith(place.with);
        await until('an import', async () => (await isThere()) || performance.now() - acceptedMs > 2000);
        return isThere();
      },
      60_000,
    );
    return rest;
  }
});

describe('imports in Helix', () => {
  let stage: Stage;
  let helix: Terminal;

  before(async () => {
    const editors = await findEditors();
    stage = await createStage(place.version, place.parts);
    helix = await startHelix({
      program: editors.helix,
      runtime: editors.helixRuntime,
      configuration: clientFolder('helix'),
      scratch: stage.scratch,
      cwd: stage.project,
      file: await stage.write(place.file.replace('N', '1'), place.standing),
      env: stage.env,
    });
    const log = join(stage.scratch, 'helix.log');
    await until('the workspace is indexed', async () => (await readIfThere(log)).includes('"Indexed '), 60_000);
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') console.log(await helix.screen());
  });

  after(async () => {
    helix.kill();
    await stage.remove();
  });

  it('come with the item of the menu, and go with one undo', async () => {
    await helix.press('g', 'e', 'A');
    // The first answer does not wait for the index; the next ones have what it has found.
    await until(
      'the import is there',
      async () => {
        for (const letter of place.typed) {
          const before = await answers();
          await helix.type(letter);
          const typedMs = performance.now();
          await until('an answer', async () => (await answers()) > before || performance.now() - typedMs > 1000);
        }
        await until('the menu', async () => (await helix.screen()).includes('createOperatorSubscriber('), 20_000);
        await helix.press('Tab', 'Enter');
        const acceptedMs = performance.now();
        const isThere = async (): Promise<boolean> => (await helix.screen()).includes(`from './OperatorSubscriber'`);
        await until('an import', async () => (await isThere()) || performance.now() - acceptedMs > 1500);
        if (await isThere()) return true;
        await leaveInsertMode();
        await helix.press('u', 'g', 'e', 'A');
        return false;
      },
      60_000,
    );
    await leaveInsertMode();
    await helix.press('u');
    await until('both are gone', async () => !(await helix.screen()).includes('OperatorSubscriber'));
  });

  /** How many times the server has answered with a menu. */
  async function answers(): Promise<number> {
    return (await readIfThere(join(stage.scratch, 'helix.log'))).split('"isIncomplete"').length;
  }

  /** A key that comes at once after this one is taken for one with Alt. */
  async function leaveInsertMode(): Promise<void> {
    await helix.press('Escape');
    await until('normal mode', async () => (await helix.screen()).includes(' NOR '));
  }
});
