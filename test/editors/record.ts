/**
 * Records a real session for the README: Neovim on a project that is not ours, a new file typed as a person would who
 * takes every suggestion that is right. Nothing is staged; what the server does not offer is typed.
 *
 *   node out/test/editors/record.js FILE.svg
 */
import { writeFileSync } from 'node:fs';
import { clientFolder, createStage, findEditors } from './support/editors.js';
import { Neovim } from './support/neovim.js';
import { drawRecording, type Frame } from './support/terminalSvg.js';

const [target = 'recording.svg'] = process.argv.slice(2);
const size = { columns: 100, rows: 16 };
const file = 'src/internal/operators/everySecond.ts';
const wanted = `import { MonoTypeOperatorFunction } from '../types';
import { operate } from '../util/lift';
import { createOperatorSubscriber } from './OperatorSubscriber';

export function everySecond<T>(): MonoTypeOperatorFunction<T> {
  return operate((source, subscriber) => {
    let index = 0;
    source.subscribe(
      createOperatorSubscriber(subscriber, (value) => index++ % 2 === 0 && subscriber.next(value))
    );
  });
}
`;
/** How long a person looks at a suggestion before taking it, and how long a key takes. */
const pace = { keyMs: 70, lookMs: 900, endMs: 4000, answerMs: 1500 };

const editors = await findEditors();
const stage = await createStage({ registry: 'npm', name: 'rxjs', version: '7.8.2' }, ['src', 'package.json']);
const neovim = await Neovim.start({
  program: editors.neovim,
  scratch: stage.scratch,
  cwd: stage.project,
  env: stage.env,
  ...size,
  init: `
    vim.o.termguicolors = true
    vim.o.background = 'dark'
    vim.o.showmode = false
    vim.o.ruler = false
    vim.o.laststatus = 2
    vim.o.statusline = ' %t%=Tab takes the suggestion '
    vim.opt.runtimepath:prepend(${JSON.stringify(clientFolder('neovim'))})
    require('understudy').setup()`,
});
const frames: Frame[] = [];
let keys = 0;
try {
  await neovim.open(await stage.write(file, ''));
  await neovim.lua(
    `vim.bo.autoindent = false vim.bo.indentexpr = '' vim.bo.cindent = false vim.bo.smartindent = false vim.bo.expandtab = false`,
  );
  await neovim.serverIsReady();
  await neovim.keys('i');
  await record(pace.lookMs);
  for (let at = 0; at < wanted.length - 1;) {
    const ghost = await answered();
    const isRight = ghost !== '' && wanted.startsWith(ghost, at);
    if (isRight) await record(pace.lookMs);
    const step = isRight ? ghost : wanted.slice(at, at + 1);
    if (isRight) await neovim.keys('<Tab>');
    else await neovim.type(step);
    keys++;
    at += step.length;
    await neovim.textIs(wanted.slice(0, at));
    await record(isRight ? pace.lookMs / 2 : pace.keyMs);
  }
  await record(pace.endMs);
} finally {
  await neovim.quit();
  await stage.remove();
}
const title = `Neovim on the sources of rxjs: ${wanted.length - 1} characters written with ${keys} keys`;
writeFileSync(target, drawRecording(frames, size.columns, size.rows, title));
process.stdout.write(`${title}, ${frames.length} frames in ${target}\n`);
process.exit(0);

/** The ghost text, once the server has been asked where the cursor is. */
async function answered(): Promise<string> {
  const untilMs = performance.now() + pace.answerMs;
  while (performance.now() < untilMs && !(await neovim.lastRequestIsAtCursor()))
    await new Promise(resolve => setTimeout(resolve, 20));
  return neovim.ghostText();
}

async function record(ms: number): Promise<void> {
  const [screen, cursor] = [await neovim.terminal.colouredScreen(), await neovim.terminal.cursor()];
  const last = frames.at(-1);
  const isSame = last?.screen === screen && last.cursor.column === cursor.column && last.cursor.row === cursor.row;
  if (isSame) frames[frames.length - 1] = { ...last, ms: last.ms + ms };
  else frames.push({ screen, cursor, ms });
}
