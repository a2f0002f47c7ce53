import assert from 'node:assert/strict';
import { clientFolder, createStage, findEditors, type Editors, type Stage } from './support/editors.js';
import { Neovim } from './support/neovim.js';
import { projects, type Project } from './support/projects.js';
import { until } from './support/until.js';

describe('Neovim', function () {
  let editors: Editors;

  before(async function () {
    editors = await findEditors();
  });

  for (const project of projects) {
    describe(`on ${project.version.name} (${project.language})`, () => workWith(project, () => editors));
  }

  it('leaves no process behind when it is closed', async () => {
    const { stage, neovim } = await startNeovim(anyProject(), editors);
    try {
      await neovim.quit();
      await stage.isEmpty();
    } finally {
      neovim.kill();
      await stage.remove();
    }
  });

  it('leaves no process behind when it is killed', async () => {
    const { stage, neovim } = await startNeovim(anyProject(), editors);
    try {
      await neovim.dieAtOnce();
      await stage.isEmpty();
    } finally {
      neovim.kill();
      await stage.remove();
    }
  });
});

function workWith(project: Project, editors: () => Editors): void {
  let stage: Stage;
  let neovim: Neovim;
  let files = 0;
  // Until it has started there is nothing to end.
  let end = (): Promise<void> => Promise.resolve();

  before(async () => {
    ({ stage, neovim } = await startNeovim(project, editors()));
    end = async () => {
      neovim.kill();
      await stage.remove();
    };
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') console.log(await neovim.account());
    await neovim.forget();
  });

  after(async () => {
    await end();
  });

  it('shows what other files have, and takes all of it', async () => {
    await typeStart();
    const ghost = await ghostThatGoesOn();
    assert.match(await neovim.lastOrigin(), /:\d+$/);
    await neovim.keys('<Tab>');
    await neovim.textIs(project.standing + project.typed + ghost);
  });

  it('takes one word, and goes on', async () => {
    await typeStart();
    await ghostThatGoesOn();
    await neovim.keys('<M-Right>');
    await neovim.textIs(project.standing + project.typed + project.word);
    await until('the rest is shown', async () =>
      startsAlike(await neovim.ghostText(), project.rest.slice(project.word.length)),
    );
  });

  it('takes the rest after more of it has been typed', async () => {
    await typeStart();
    const ghost = await ghostThatGoesOn();
    // In one go: Neovim accepts what it shows before the server has been asked again.
    await neovim.type(ghost.slice(0, 3));
    await neovim.keys('<Tab>');
    await neovim.textIs(project.standing + project.typed + ghost);
  });

  it('takes nothing when something else was typed, and does not offer the same again at once', async () => {
    await typeStart();
    const ghost = await ghostThatGoesOn();
    await neovim.type('Zq');
    await neovim.lua(`require('understudy').accept()`);
    await until('the ghost text is gone', async () => (await neovim.ghostText()) === '');
    assert.equal(await neovim.text(), `${project.standing}${project.typed}Zq`);
    await neovim.keys('<BS><BS>');
    await until('the server has answered at the old place', async () => neovim.lastRequestIsAtCursor());
    assert.notEqual(await neovim.ghostText(), ghost);
  });

  it('is switched off and on, and asked, by commands and keys', async () => {
    await neovim.keys(':UnderstudyStatus<CR>');
    await neovim.terminal.showsText('Understudy: ready');
    // A message of several lines waits for a key.
    await neovim.keys('<CR>');
    await neovim.keys(':UnderstudyToggle all<CR>');
    await typeStart();
    await until('the server has answered', () => neovim.lastRequestIsAtCursor());
    assert.equal(await neovim.ghostText(), '');
    await neovim.keys('<Esc>:UnderstudyToggle all<CR>A');
    await ghostThatGoesOn();
    await neovim.keys('<C-]>');
    await until('the ghost text is gone', async () => (await neovim.ghostText()) === '');
    assert.equal(await neovim.text(), project.standing + project.typed);
  });

  it('follows a file that another program changes, within a second', async () => {
    const steps = `${project.opening}${project.indent}beginStep(part, 1)\n${project.indent}prepareStep(part, 2)\n${project.indent}`;
    const other = project.file.replace('N', 'Other');
    await stage.write(other, `${steps}outcome = computeAlphaSource(part, 11)\n`);
    await ghostBecomes(steps, 'AlphaSource(part', 10_000);
    await stage.write(other, `${steps}outcome = computeOmegaSource(part, 22)\n`);
    const changedAtMs = performance.now();
    await ghostBecomes(steps, 'OmegaSource(part', 5_000);
    const tookMs = performance.now() - changedAtMs;
    assert(tookMs < 1000, `It took ${Math.round(tookMs)} ms.`);
  });

  /** Types the line in a new file, and again in another one, until the ghost text begins with this. */
  async function ghostBecomes(steps: string, start: string, timeoutMs: number): Promise<void> {
    await until(
      `the ghost text begins with ${start}`,
      async () => {
        await open(steps);
        await neovim.type('outcome = compute');
        const asked = performance.now();
        await until('an answer', async () => (await neovim.ghostText()) !== '' || performance.now() - asked > 600);
        const isThere = (await neovim.ghostText()).startsWith(start);
        await neovim.forget();
        return isThere;
      },
      timeoutMs,
    );
  }

  async function open(text: string): Promise<void> {
    await neovim.open(await stage.write(project.file.replace('N', `${++files}`), text));
    // A file without a line break at its end, so that the text is what was written.
    await neovim.keys('GA');
    await until('insert mode', async () => (await neovim.lua('return vim.api.nvim_get_mode().mode')) === 'i');
  }

  async function typeStart(): Promise<void> {
    await open(project.standing);
    if (project.standing.endsWith('\n')) await neovim.keys('<CR>');
    await neovim.type(project.typed);
  }

  async function ghostThatGoesOn(): Promise<string> {
    await until('the ghost text is what other files have', async () =>
      startsAlike(await neovim.ghostText(), project.rest),
    );
    return neovim.ghostText();
  }
}

/** What is offered may end before the line does, or go on after it. */
function startsAlike(ghost: string, rest: string): boolean {
  return ghost !== '' && (rest.startsWith(ghost) || ghost.startsWith(rest));
}

function anyProject(): Project {
  const [project] = projects;
  assert(project);
  return project;
}

async function startNeovim(project: Project, editors: Editors): Promise<{ stage: Stage; neovim: Neovim }> {
  const stage = await createStage(project.version, project.parts);
  const neovim = await Neovim.start({
    program: editors.neovim,
    scratch: stage.scratch,
    cwd: stage.project,
    env: stage.env,
    // What the README says: the plugin's folder on the runtimepath, and setup.
    init: `vim.opt.runtimepath:prepend(${JSON.stringify(clientFolder('neovim'))}) require('understudy').setup()`,
  });
  try {
    await neovim.open(await stage.write(project.file.replace('N', '0'), project.standing));
    await neovim.serverIsReady();
  } catch (error) {
    console.log(await neovim.account());
    neovim.kill();
    await stage.remove();
    throw error;
  }
  return { stage, neovim };
}
