import assert from 'node:assert/strict';
import { readServerArguments, type ServerArguments } from '../../server/serverArguments.js';

function check(line: string, expected: ServerArguments | RegExp, isTerminal = false): void {
  it(`understudy ${line}`.trim() + (isTerminal ? ' on a terminal' : ''), () => {
    const asked = readServerArguments(line.split(' ').filter(Boolean), isTerminal);
    if (!(expected instanceof RegExp)) assert.deepEqual(asked, expected);
    else assert.match(asked.kind === 'wrong' ? asked.why : asked.kind, expected);
  });
}

describe('arguments', () => {
  check('', { kind: 'stdio' });
  check('', { kind: 'command', argv: ['--help'] }, true);
  check('--stdio', { kind: 'stdio' });
  check('--stdio', { kind: 'stdio' }, true);
  check('--stdio --clientProcessId=12', { kind: 'stdio' });
  check('--clientProcessId=12 --stdio', { kind: 'stdio' });
  check('--socket=6000', { kind: 'connect', to: { port: 6000 } });
  check('--socket 6000', { kind: 'connect', to: { port: 6000 } });
  check('--pipe=/tmp/x', { kind: 'connect', to: { path: '/tmp/x' } });
  check('--version', { kind: 'version' });
  check('--help', { kind: 'command', argv: ['--help'] });
  check('search some words --json', { kind: 'command', argv: ['search', 'some', 'words', '--json'] });
  check('--socket=0', /port from 1 to 65535/);
  check('--socket=70000', /port from 1 to 65535/);
  check('--socket=x', /port from 1 to 65535/);
  check('--socket', /--socket/);
  check('--pipe=', /needs a name/);
  check('--stdio --socket=1', /exclude one another/);
  check('--node-ipc', /Unknown option '--node-ipc'/);
  check('--stdio more', /more/);
});
