import assert from 'node:assert/strict';
import { join } from 'node:path';
import { clientFolder, createStage, findEditors, type Editors, type Stage } from './support/editors.js';
import { readIfThere, startHelix } from './support/helix.js';
import { projects, type Project } from './support/projects.js';
import type { Terminal } from './support/terminal.js';
import { until } from './support/until.js';

describe('Helix', function () {
  let editors: Editors;
  let stage: Stage;
  let screen: Terminal | null = null;

  before(async () => {
    editors = await findEditors();
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') console.log((await screen?.screen()) ?? 'no screen');
    screen?.kill();
    screen = null;
    await stage.remove();
  });

  for (const project of projects) {
    it(`shows in its menu what other files of ${project.version.name} have, and takes it`, async () => {
      stage = await createStage(project.version, project.parts);
      const file = await stage.write(project.file.replace('N', '1'), project.standing);
      const helix = await open(file);
      await typeUntilOffered(helix, project);
      await helix.press('Tab');
      await helix.press('Enter');
      await save(helix);
      await until('the file has what was taken', async () => {
        const text = await readIfThere(file);
        return (
          text.startsWith(project.standing + project.typed) && startsAlike(lastPart(text, project.typed), project.rest)
        );
      });
      await quit(helix);
      await stage.isEmpty();
    });
  }

  it('leaves no process behind when it is killed', async () => {
    const [project] = projects;
    assert(project);
    stage = await createStage(project.version, project.parts);
    const helix = await open(await stage.write(project.file.replace('N', '1'), project.standing));
    await typeUntilOffered(helix, project);
    helix.kill();
    await stage.isEmpty();
  });

  async function open(file: string): Promise<Terminal> {
    screen = await startHelix({
      program: editors.helix,
      runtime: editors.helixRuntime,
      configuration: clientFolder('helix'),
      scratch: stage.scratch,
      cwd: stage.project,
      file,
      env: stage.env,
    });
    // Helix has nothing to ask it; its log has what the server says.
    const log = join(stage.scratch, 'helix.log');
    await until('the workspace is indexed', async () => (await readIfThere(log)).includes('"Indexed '), 60_000);
    return screen;
  }
});

/** Helix asks once a word; where that was too early for it, the last letter is typed again. */
async function typeUntilOffered(helix: Terminal, { standing, typed, rest }: Project): Promise<void> {
  const shown = rest.slice(0, 6);
  const last = typed.slice(-1);
  await helix.press('g', 'e', 'A');
  if (standing.endsWith('\n')) await helix.press('Enter');
  await helix.type(typed.slice(0, -1));
  await until(
    'the menu shows what other files have',
    async () => {
      await helix.type(last);
      const asked = performance.now();
      let isShown = false;
      await until('an answer', async () => {
        isShown = menuOf(await helix.screen()).some(line => line.includes(shown));
        return isShown || performance.now() - asked > 2000;
      });
      if (!isShown) await helix.press('BSpace');
      return isShown;
    },
    20_000,
  );
}

/** Lines of the screen that are no lines of the file: the menu hangs over those behind its end. */
function menuOf(screen: string): readonly string[] {
  return screen.split('\n').filter(line => /^\s*~/.test(line) || /^\s{4,}\S/.test(line));
}

async function save(helix: Terminal): Promise<void> {
  await runTyped(helix, ':w');
}

async function quit(helix: Terminal): Promise<void> {
  await runTyped(helix, ':q!');
  await helix.ended();
}

/**
 * Leaves insert mode and runs a command. What was taken may have opened the menu again, so that the first Escape only
 * closes that; and an Escape that is read together with the next key is another key: it is tried until the prompt is there.
 */
async function runTyped(helix: Terminal, command: string): Promise<void> {
  const hasPrompt = async (): Promise<boolean> => (await helix.screen()).endsWith(command);
  await until(`the prompt shows ${command}`, async () => {
    await helix.press('Escape');
    const asked = performance.now();
    await until('normal mode', async () => (await helix.screen()).includes(' NOR ') || performance.now() - asked > 300);
    await helix.type(command);
    await until('the prompt', async () => (await hasPrompt()) || performance.now() - asked > 1000);
    return hasPrompt();
  });
  await helix.press('Enter');
}

function lastPart(text: string, typed: string): string {
  return text.slice(text.lastIndexOf(typed) + typed.length).trimEnd();
}

function startsAlike(taken: string, rest: string): boolean {
  return taken !== '' && (rest.startsWith(taken) || taken.startsWith(rest));
}
