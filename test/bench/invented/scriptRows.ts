import { silentLog } from '../../../server/base/log.js';
import { ownEntries } from '../../../server/createCore.js';
import { createTypescriptValidator } from '../../../server/validate/typescript/createTypescriptValidator.js';
import { workplaceAt } from '../../server/validate/typescript/workplace.js';
import { npmProject, ownProject, type NpmProject } from './npmProjects.js';
import type { Checker, InventedRow } from './row.js';
import { scriptPlaces } from './scriptPlaces.js';

const node = ['@types/node@20'];
const typescriptProjects: readonly NpmProject[] = [
  { spec: 'rxjs@7.8.2', sources: ['src'], heldBack: false },
  { spec: 'immer@10.1.1', sources: ['src'], heldBack: false },
  { spec: '@tanstack/query-core@5.62.0', sources: ['src'], heldBack: false },
  { spec: 'openai@6.49.0', sources: ['src'], beside: node, heldBack: true },
  { spec: 'mobx@6.13.5', sources: ['src'], heldBack: true },
  {
    spec: '@reduxjs/toolkit@2.5.0',
    sources: ['src'],
    beside: ['react@18', '@types/react@18', ...node],
    heldBack: true,
  },
];
const javascriptProjects: readonly NpmProject[] = [
  { spec: 'express@4.21.2', sources: ['lib'], heldBack: false },
  { spec: 'mocha@11.0.1', sources: ['lib'], heldBack: false },
  { spec: 'winston@3.17.0', sources: ['lib'], heldBack: false },
  { spec: 'ws@8.18.0', sources: ['lib'], beside: node, heldBack: false },
  { spec: 'fastify@5.2.0', sources: ['lib'], heldBack: true },
  {
    spec: 'knex@3.1.0',
    sources: ['lib'],
    beside: [
      'tedious@18',
      'mysql@2',
      'mysql2@3',
      'pg@8',
      'pg-native@3',
      'pg-query-stream@4',
      'sqlite3@5',
      'better-sqlite3@11',
      'oracledb@6',
    ],
    heldBack: true,
  },
  { spec: 'eslint@9.17.0', sources: ['lib'], heldBack: true },
];

export const typescriptRow: InventedRow = {
  language: 'TypeScript',
  languageId: path => (path.endsWith('x') ? 'typescriptreact' : 'typescript'),
  places: scriptPlaces,
  projects: () => {
    const endings = /\.[cm]?tsx?$/;
    const projects = typescriptProjects.map(project => npmProject(project, endings));
    return Promise.resolve([...projects, ownProject(['server', 'index', 'grammars'], endings)]);
  },
  open: openCompiler,
  goal: 95,
};

export const javascriptRow: InventedRow = {
  language: 'JavaScript',
  languageId: path => (path.endsWith('x') ? 'javascriptreact' : 'javascript'),
  places: scriptPlaces,
  projects: () => Promise.resolve(javascriptProjects.map(project => npmProject(project, /\.[cm]?jsx?$/))),
  open: openCompiler,
  goal: 95,
};

function openCompiler(): Promise<Checker> {
  const validator = createTypescriptValidator({ entries: ownEntries(), log: silentLog, deadlineMs: 600_000 });
  const { signal } = new AbortController();
  return Promise.resolve({
    examine: ({ folder }, path, text) =>
      validator.examine([{ path, languageId: '', text }], workplaceAt(folder), signal),
    dispose: () => validator.dispose(),
  });
}
