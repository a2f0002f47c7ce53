import assert from 'node:assert/strict';
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ContextSource } from '../../../server/context/source.js';
import type { Found } from '../../../server/context/found.js';
import { createTestPool, createWorld, cursor, excludedWhere, type World, type WorldOptions } from './support/world.js';

const files = {
  'src/main.ts': `import { helper } from './helper';\nimport { kept } from 'sdk';\nexport const a = helper(kept);\n${cursor}\n`,
  'src/helper.ts': 'export function helper(value: string): string {\n  return value;\n}\n',
  'private/keys.ts': 'export function helper(secretArgument: string): string {\n  return secretArgument;\n}\n',
  'node_modules/sdk/package.json': '{"types": "index.d.ts"}',
  'node_modules/sdk/index.d.ts': 'export declare const kept: string;\n',
};

describe('what is let into a prompt', () => {
  const pool = createTestPool();
  const worlds: World[] = [];
  const open = async (options: WorldOptions = {}, more: Readonly<Record<string, string>> = {}): Promise<World> => {
    const world = await createWorld({ ...files, ...more }, options);
    worlds.push(world);
    return world;
  };
  afterEach(async () => {
    for (const world of worlds.splice(0)) await world.close();
  });
  after(() => pool.close());

  const promptOf = async (world: World): Promise<string> =>
    JSON.stringify((await world.ask('src/main.ts')).prompt.related);

  it('holds files of the workspace and installed packages', async () => {
    const prompt = await promptOf(await open({ pool }));
    assert.match(prompt, /helper\(value: string\)/);
    assert.match(prompt, /kept: string/);
  });

  it('holds nothing of an excluded file, whatever a source says', async () => {
    const world = await open({ pool, exclusion: excludedWhere('/private/', '/src/helper.ts') });
    const prompt = await promptOf(world);
    assert.ok(!prompt.includes('secretArgument') && !prompt.includes('helper(value'), prompt);
  });

  it('asks anew for each prompt, also for what was in the last one', async () => {
    let excluded = false;
    const world = await open({ exclusion: path => (excluded && path.endsWith('helper.ts') ? 'excluded' : null) });
    const opened = world.open('src/main.ts');
    const gather = async () =>
      JSON.stringify(
        (await world.context.gather({ ...opened, budgetTokens: 4000, deadlineMs: 1e9 }, new AbortController().signal))
          .prompt.related,
      );
    assert.match(await gather(), /helper\(value/);
    excluded = true;
    assert.doesNotMatch(await gather(), /helper\(value/);
  });

  it('follows no link out of the workspace', async () => {
    const outside = await createWorld({
      'stolen.ts': 'export function helper(stolenArgument: string): void {}\n',
      'sdk/index.d.ts': 'export declare const kept: "stolen";\n',
      'sdk/package.json': '{"types": "index.d.ts"}',
    });
    worlds.push(outside);
    const world = await open();
    world.workspace.remove('src/helper.ts');
    symlinkSync(outside.workspace.path('stolen.ts'), world.workspace.path('src/helper.ts'));
    world.workspace.remove('node_modules/sdk');
    symlinkSync(outside.workspace.path('sdk'), world.workspace.path('node_modules/sdk'));
    assert.doesNotMatch(await promptOf(world), /stolen/);
  });

  it('follows no link to an excluded file', async () => {
    const world = await open({ pool }, { '.understudyignore': 'private/\n' });
    world.workspace.remove('src/helper.ts');
    symlinkSync('../private/keys.ts', world.workspace.path('src/helper.ts'));
    assert.doesNotMatch(await promptOf(world), /secretArgument/);
  });

  it('holds nothing of a package that the person leaves out', async () => {
    for (const exclude of ['node_modules/sdk/', 'sdk', '**/index.d.ts', 'node_modules/']) {
      const world = await open({ exclude: () => [exclude] });
      assert.doesNotMatch(await promptOf(world), /kept: string/, exclude);
    }
    const world = await open({}, { '.aiexclude': 'node_modules/sdk\n' });
    assert.doesNotMatch(await promptOf(world), /kept: string/);
  });

  it('holds packages that git ignores', async () => {
    assert.match(await promptOf(await open({ pool }, { '.gitignore': 'node_modules/\n' })), /kept: string/);
  });

  it('holds a package of the workspace itself under its own rules', async () => {
    const linked = async (more: Readonly<Record<string, string>>): Promise<string> => {
      const world = await open(
        { pool },
        {
          'packages/sdk/index.d.ts': 'export declare const kept: "linked";\n',
          'packages/sdk/package.json': '{"types": "index.d.ts"}',
          ...more,
        },
      );
      world.workspace.remove('node_modules/sdk');
      symlinkSync('../packages/sdk', world.workspace.path('node_modules/sdk'));
      return promptOf(world);
    };
    assert.match(await linked({}), /linked/);
    assert.doesNotMatch(await linked({ '.cursorignore': 'packages/sdk\n' }), /linked/);
  });

  it('holds nothing by the name of a secret, nor what is no file of ours', async () => {
    const names = ['.env', 'id_rsa', 'a/.ssh/config', 'credentials.json'];
    const source: ContextSource = {
      name: 'eager',
      share: 1,
      keyOf: () => '',
      find: async ({ folder }) =>
        [...names.map(name => `${folder}/${name}`), '/etc/hosts'].flatMap(path =>
          (['workspace', 'open', 'package'] as const).map(from => found(path, from)),
        ),
    };
    const world = await open({ sources: [source] });
    for (const name of names) {
      mkdirSync(dirname(world.workspace.path(name)), { recursive: true });
      writeFileSync(world.workspace.path(name), 'TOKEN=abc\n');
    }
    assert.equal(await promptOf(world), '[]');
  });

  it('holds nothing of a file that is gone', async () => {
    const world = await open();
    const opened = world.open('src/main.ts');
    const request = { ...opened, budgetTokens: 4000, deadlineMs: 1e9 };
    const gather = async () =>
      JSON.stringify((await world.context.gather(request, new AbortController().signal)).prompt.related);
    assert.match(await gather(), /helper\(value/);
    renameSync(world.workspace.path('src/helper.ts'), world.workspace.path('src/elsewhere.ts'));
    world.clock.pass(5_000);
    assert.doesNotMatch(await gather(), /helper\(value/);
  });
});

function found(path: string, from: Found['from']): Found {
  return {
    id: `${from} ${path}`,
    score: 1,
    from,
    passage: { path, label: path, startLine: 0, text: `text of ${from} ${path}\n`, source: 'eager' },
  };
}
