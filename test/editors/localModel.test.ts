import assert from 'node:assert/strict';
import { join } from 'node:path';
import { isRecord } from '../../server/base/record.js';
import { clientFolder, createStage, findEditors, type Editors, type Stage } from './support/editors.js';
import { readIfThere, startHelix, toNormalMode } from './support/helix.js';
import { ledgerProject, writeLedgerFiles } from './support/ledgerProject.js';
import { startLocalModel, type LocalModel } from './support/localModel.js';
import { Neovim } from './support/neovim.js';
import { projects } from './support/projects.js';
import type { Terminal } from './support/terminal.js';
import { until } from './support/until.js';

describe('Neovim with a model on this machine', () => {
  let editors: Editors;
  let model: LocalModel;
  let stage: Stage;
  let neovim: Neovim | null = null;
  let files = 0;

  before(async () => {
    editors = await findEditors();
  });

  beforeEach(async () => {
    model = await startLocalModel();
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') console.log((await neovim?.account()) ?? 'no Neovim');
    neovim?.kill();
    neovim = null;
    await stage.remove();
    await model.remove();
  });

  it('shows a name that stands only in another file', async () => {
    const shown = await start();
    await typeUntilShown(shown, ledgerProject.names);
  });

  it('does not once that file is ignored, and asks the model all the same', async () => {
    const shown = await start();
    await typeUntilShown(shown, ledgerProject.names);
    await stage.write('.understudyignore', `${ledgerProject.secret}\n`);
    const read = await model.tokensRead();
    await typeUntilShown(shown, ledgerProject.otherNames);
    assert((await model.tokensRead()) > read);
  });

  it('goes on from the code alone when the server dies, and with it when it is back', async () => {
    const shown = await start();
    await typeUntilShown(shown, ledgerProject.names);
    await model.kill();
    // Nobody looks after a server that nothing is asked of.
    await typeWhereModelIsAsked(shown);
    await until('the status says that the server is gone', async () => {
      const [backend] = await backendsOf(shown);
      return backend?.['state'] === 'unreachable' && backend['why'] !== '';
    });
    assert.equal(await shown.ghostText(), '');
    await shown.keys('<Esc>:UnderstudyStatus<CR>');
    await shown.terminal.showsText(', unreachable.');
    // A message of several lines waits for a key.
    await shown.keys('<CR>');
    await statuslineIs(shown, 'understudy: recall');
    await typeUntilSeen(shown);
    await model.start();
    await until('the model is back', async () => (await backendsOf(shown))[0]?.['state'] === 'ready', 90_000);
    await typeUntilShown(shown, ledgerProject.names);
  });

  it('shows an answer that has come late, without a key', async () => {
    // No request waits: whatever a model says is late.
    const shown = await start({ inline: { waitMs: 0 } });
    await typeUntilShown(shown, ledgerProject.names);
    await statuslineIs(shown, 'understudy: understudy-copy');
  });

  async function start(settings: object = {}): Promise<Neovim> {
    stage = await createStage(ledgerProject.version, ledgerProject.parts, { ...model.settings, ...settings });
    await writeLedgerFiles(stage);
    const started = await Neovim.start({
      program: editors.neovim,
      scratch: stage.scratch,
      cwd: stage.project,
      env: stage.env,
      init: `vim.opt.runtimepath:prepend(${JSON.stringify(clientFolder('neovim'))}) require('understudy').setup()`,
    });
    neovim = started;
    await started.open(await stage.write(nextFile(), ledgerProject.standing));
    await started.serverIsReady();
    await until('the model has been found', async () => (await backendsOf(started))[0]?.['state'] === 'ready', 30_000);
    return started;
  }

  /** Types the line in a new file, and again in another one, until the ghost text is this. */
  async function typeUntilShown(shown: Neovim, wanted: RegExp): Promise<void> {
    await until(
      `the ghost text is ${String(wanted)}`,
      async () => {
        await typeWhereModelIsAsked(shown);
        const askedMs = performance.now();
        await until(
          'an answer',
          async () => wanted.test(await shown.ghostText()) || performance.now() - askedMs > 10_000,
        );
        return wanted.test(await shown.ghostText());
      },
      60_000,
    );
  }

  /** With a pause before the last letter, as a person makes one: what is found late for one prompt is in the next. */
  async function typeWhereModelIsAsked(shown: Neovim): Promise<void> {
    await shown.forget();
    await openInInsertMode(shown, nextFile(), ledgerProject.standing);
    await shown.type(ledgerProject.typed.slice(0, -1));
    await until('an answer', () => shown.lastRequestIsAtCursor());
    await shown.type(ledgerProject.typed.slice(-1));
  }

  /** Types what recall is sure of in a new file. */
  async function typeUntilSeen(shown: Neovim): Promise<void> {
    const [project] = projects;
    assert(project);
    await shown.forget();
    await openInInsertMode(shown, project.file.replace('N', `${++files}`), project.standing);
    await shown.type(project.typed);
    await until('the ghost text is what other files have', async () => {
      const ghost = await shown.ghostText();
      return ghost !== '' && (project.rest.startsWith(ghost) || ghost.startsWith(project.rest));
    });
  }

  /** It shows what the server has told, a moment after it came to be. */
  async function statuslineIs(shown: Neovim, line: string): Promise<void> {
    await until(
      `the status line says ${line}`,
      async () => (await shown.lua(`return require('understudy').statusline()`)) === line,
    );
  }

  async function openInInsertMode(shown: Neovim, file: string, text: string): Promise<void> {
    await shown.open(await stage.write(file, text));
    await shown.keys('GA');
    await until('insert mode', async () => (await shown.lua('return vim.api.nvim_get_mode().mode')) === 'i');
  }

  function nextFile(): string {
    return ledgerProject.file.replace('N', `${++files}`);
  }
});

describe('Helix with a model on this machine', () => {
  let editors: Editors;
  let model: LocalModel;
  let stage: Stage;
  let screen: Terminal | null = null;

  before(async () => {
    editors = await findEditors();
    model = await startLocalModel();
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') console.log((await screen?.screen()) ?? 'no screen');
    screen?.kill();
    screen = null;
    await stage.remove();
  });

  after(() => model.remove());

  it('shows in its menu a name that stands only in another file', async () => {
    await open({});
    await typeUntilOffered(ledgerProject.names);
  });

  it('does not when that file is excluded by the settings', async () => {
    await open({ privacy: { exclude: [ledgerProject.secret] } });
    await typeUntilOffered(ledgerProject.otherNames);
    assert.doesNotMatch((await screen?.screen()) ?? '', ledgerProject.names);
  });

  async function open(settings: object): Promise<void> {
    stage = await createStage(ledgerProject.version, ledgerProject.parts, { ...model.settings, ...settings });
    await writeLedgerFiles(stage);
    screen = await startHelix({
      program: editors.helix,
      runtime: editors.helixRuntime,
      configuration: clientFolder('helix'),
      scratch: stage.scratch,
      cwd: stage.project,
      file: await stage.write(ledgerProject.file.replace('N', '1'), ledgerProject.standing),
      env: stage.env,
    });
    const log = join(stage.scratch, 'helix.log');
    await until('the workspace is indexed', async () => (await readIfThere(log)).includes('"Indexed '), 60_000);
  }

  /** The line, letter by letter at its end, and once more with another name until the answer is there. */
  async function typeUntilOffered(wanted: RegExp): Promise<void> {
    const helix = screen;
    assert(helix);
    await helix.press('g', 'e', 'A');
    let lines = 0;
    await until(
      `the menu shows ${String(wanted)}`,
      async () => {
        const line = ledgerProject.typed.replace('outstanding', `owed${++lines}`);
        await helix.type(line.slice(0, -3));
        for (const letter of line.slice(-3)) {
          await helix.type(letter);
          const askedMs = performance.now();
          const isShown = async (): Promise<boolean> => wanted.test(await helix.screen());
          await until('an answer', async () => (await isShown()) || performance.now() - askedMs > 1500);
          if (await isShown()) return true;
        }
        await toNormalMode(helix);
        // The line goes, and another one comes.
        await helix.press('x', 'd', 'g', 'e', 'o');
        return false;
      },
      60_000,
    );
  }
});

type BackendSeen = Readonly<Record<string, unknown>>;

async function backendsOf(neovim: Neovim): Promise<readonly BackendSeen[]> {
  const status = await neovim.ask('understudy/status');
  const backends = isRecord(status) ? status['backends'] : null;
  return Array.isArray(backends) ? backends.filter(isRecord) : [];
}
