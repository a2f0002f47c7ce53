import type { ContextSource } from './source.js';
import { conventions } from './sources/conventions.js';
import { definitions } from './sources/definitions.js';
import { diagnostics } from './sources/diagnostics.js';
import { fileHead } from './sources/fileHead.js';
import { imports } from './sources/imports.js';
import { openFiles } from './sources/openFiles.js';
import { packages } from './sources/packages.js';
import { project } from './sources/project.js';
import { recentEdits } from './sources/recentEdits.js';
import { similar } from './sources/similar.js';

/** In the order in which their passages first stand in a prompt: what changes least comes first. */
export const sources: readonly ContextSource[] = [
  project,
  conventions,
  fileHead,
  packages,
  imports,
  definitions,
  similar,
  openFiles,
  recentEdits,
  diagnostics,
];
