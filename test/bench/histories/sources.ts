import type { PackageVersion } from '../../support/registry/fetchPackage.js';

/** Where a history comes from: a git repository at a commit, or a chain of published versions of one package. */
export interface GitSource {
  /** owner/name, which is also the folder that --clones looks for (owner+name or owner/name). */
  readonly repository: string;
  readonly commit: string;
  readonly language: LanguageName;
}

export interface ChainSource {
  readonly registry: PackageVersion['registry'];
  readonly name: string;
  /** Oldest first. */
  readonly versions: readonly string[];
  readonly language: LanguageName;
}

export type LanguageName = keyof typeof languages;

/** By language the files that are read, and the language id that an editor sends. */
export const languages = {
  Python: { extensions: ['.py'], id: 'python' },
  TypeScript: { extensions: ['.ts', '.tsx', '.mts', '.cts'], id: 'typescript' },
  JavaScript: { extensions: ['.js', '.mjs', '.cjs'], id: 'javascript' },
  Go: { extensions: ['.go'], id: 'go' },
  Rust: { extensions: ['.rs'], id: 'rust' },
  Java: { extensions: ['.java'], id: 'java' },
  C: { extensions: ['.c', '.h'], id: 'c' },
  'C++': { extensions: ['.cc', '.cpp', '.h', '.hpp'], id: 'cpp' },
  'C#': { extensions: ['.cs'], id: 'csharp' },
} as const;

/** Never learnt from: only to measure with. */
export const evaluationRepositories: readonly GitSource[] = [
  { repository: 'pydantic/pydantic', commit: '2151025aa51263f3016502b00010b78e4481eaa1', language: 'Python' },
  { repository: 'colinhacks/zod', commit: 'e516c3baf22615e20934116abebfed6c000222c2', language: 'TypeScript' },
  { repository: 'caddyserver/caddy', commit: '0cf03d32f7d99cf160d5375e8a40fbe3d910d515', language: 'Go' },
  // Its release commits change one attribute everywhere, which is easy: read the mean without it as well.
  { repository: 'clap-rs/clap', commit: '6982fb1c98c7247e38a6d4f04191b94e30497e7b', language: 'Rust' },
  { repository: 'google/gson', commit: '9835b6f90192f79cdf5300c528fc6212455fb6c1', language: 'Java' },
  { repository: 'jqlang/jq', commit: '579e6f76cffd7643ba4002a2c3618a5ea710589a', language: 'C' },
];

/** What the weights are learnt from; see index/recall/train. */
export const trainingRepositories: readonly GitSource[] = [
  { repository: 'encode/httpx', commit: 'ae1b9f66238f75ced3ced5e4485408435de10768', language: 'Python' },
  { repository: 'Textualize/rich', commit: '42899d8a0a96b121a514516f4be9db44ff7aeaf3', language: 'Python' },
  { repository: 'vuejs/core', commit: 'e2bede96134f757aad5c5b33ac9be055022dbfc8', language: 'TypeScript' },
  { repository: 'gin-gonic/gin', commit: 'dcaa4296d111981ffb31ac3eba90bb63e1eb5ab9', language: 'Go' },
  { repository: 'tokio-rs/axum', commit: '3d78036dcac289d6c1d54934708acb6a5bd73686', language: 'Rust' },
  { repository: 'apache/commons-lang', commit: 'd15939ef46f0bd4144994df8be95cf5a7f91eb52', language: 'Java' },
  { repository: 'libuv/libuv', commit: '6179e7af87413396d5853a1c3722c8b5749336c8', language: 'C' },
  { repository: 'fmtlib/fmt', commit: '60ccad511fd680cb91d8b60a315759f71c67bef9', language: 'C++' },
  { repository: 'fastify/fastify', commit: '83e69762aff047940b376fc2a266d143499ef727', language: 'JavaScript' },
  { repository: 'JamesNK/Newtonsoft.Json', commit: '09bb545d72969ad7fb4ea07db0d5c34f4fc07877', language: 'C#' },
];

/** Never learnt from: what anybody can measure with, wherever package registries can be reached. */
export const evaluationChains: readonly ChainSource[] = [
  {
    registry: 'pypi',
    name: 'scrapy',
    versions: ['2.9.0', '2.10.0', '2.11.0', '2.11.2', '2.12.0', '2.13.0', '2.14.0'],
    language: 'Python',
  },
  {
    registry: 'pypi',
    name: 'celery',
    versions: ['5.2.0', '5.2.7', '5.3.0', '5.3.6', '5.4.0', '5.5.0', '5.6.0'],
    language: 'Python',
  },
  {
    registry: 'npm',
    name: '@reduxjs/toolkit',
    versions: ['2.0.1', '2.2.0', '2.3.0', '2.5.0', '2.6.0', '2.8.0', '2.9.0', '2.10.0', '2.11.0'],
    language: 'TypeScript',
  },
  {
    registry: 'npm',
    name: 'msw',
    versions: ['2.2.0', '2.3.0', '2.4.0', '2.6.0', '2.7.0', '2.8.0', '2.10.0', '2.11.0', '2.12.0'],
    language: 'TypeScript',
  },
  {
    registry: 'npm',
    name: 'undici',
    versions: ['6.0.0', '6.6.0', '6.10.0', '6.14.0', '6.18.0', '6.20.0', '7.0.0', '7.4.0', '7.8.0', '7.12.0', '7.16.0'],
    language: 'JavaScript',
  },
  {
    registry: 'npm',
    name: 'webpack',
    versions: ['5.88.0', '5.89.0', '5.90.0', '5.91.0', '5.92.0', '5.93.0', '5.94.0', '5.95.0', '5.96.0'],
    language: 'JavaScript',
  },
  {
    registry: 'go',
    name: 'github.com/labstack/echo/v4',
    versions: ['v4.7.2', 'v4.8.0', 'v4.9.0', 'v4.10.0', 'v4.11.1', 'v4.12.0', 'v4.13.2', 'v4.14.0', 'v4.15.0'],
    language: 'Go',
  },
  {
    registry: 'go',
    name: 'github.com/redis/go-redis/v9',
    versions: ['v9.3.0', 'v9.4.0', 'v9.5.0', 'v9.6.0', 'v9.7.0', 'v9.8.0', 'v9.9.0', 'v9.10.0', 'v9.11.0', 'v9.12.0'],
    language: 'Go',
  },
  {
    registry: 'crates',
    name: 'hyper',
    versions: ['1.0.0', '1.1.0', '1.2.0', '1.3.0', '1.4.0', '1.5.0', '1.6.0', '1.7.0'],
    language: 'Rust',
  },
  {
    registry: 'crates',
    name: 'tokio-util',
    versions: ['0.7.2', '0.7.4', '0.7.8', '0.7.9', '0.7.10', '0.7.11', '0.7.12', '0.7.13', '0.7.15', '0.7.16'],
    language: 'Rust',
  },
  {
    registry: 'maven',
    name: 'commons-io:commons-io',
    versions: ['2.12.0', '2.13.0', '2.14.0', '2.15.0', '2.16.0', '2.17.0', '2.18.0', '2.19.0', '2.20.0'],
    language: 'Java',
  },
  {
    registry: 'maven',
    name: 'com.fasterxml.jackson.core:jackson-databind',
    versions: ['2.15.0', '2.16.0', '2.17.0', '2.18.0', '2.19.0'],
    language: 'Java',
  },
  {
    registry: 'crates',
    name: 'curl-sys',
    versions: ['0.4.68', '0.4.70', '0.4.74', '0.4.77'],
    language: 'C',
  },
];

/** Instead of the training repositories, where no git history can be had: the same projects and others, as published. */
export const trainingChains: readonly ChainSource[] = [
  {
    registry: 'pypi',
    name: 'httpx',
    versions: ['0.20.0', '0.22.0', '0.23.0', '0.24.0', '0.25.0', '0.26.0', '0.27.0', '0.28.0'],
    language: 'Python',
  },
  {
    registry: 'pypi',
    name: 'rich',
    versions: ['10.0.0', '11.0.0', '12.0.0', '13.0.0', '13.3.0', '13.7.0', '14.0.0'],
    language: 'Python',
  },
  {
    registry: 'npm',
    name: 'immer',
    versions: ['9.0.0', '9.0.12', '9.0.21', '10.0.0', '10.0.3', '10.1.0'],
    language: 'TypeScript',
  },
  {
    registry: 'npm',
    name: 'rxjs',
    versions: ['7.0.0', '7.1.0', '7.2.0', '7.4.0', '7.5.0', '7.5.7', '7.8.0'],
    language: 'TypeScript',
  },
  {
    registry: 'npm',
    name: 'fastify',
    versions: ['4.0.0', '4.5.0', '4.10.0', '4.15.0', '4.20.0', '4.25.0', '5.0.0', '5.2.0'],
    language: 'JavaScript',
  },
  {
    registry: 'go',
    name: 'github.com/gin-gonic/gin',
    versions: ['v1.7.0', 'v1.8.0', 'v1.9.0', 'v1.9.1', 'v1.10.0'],
    language: 'Go',
  },
  {
    registry: 'crates',
    name: 'axum',
    versions: ['0.5.0', '0.6.0', '0.6.10', '0.6.20', '0.7.0', '0.7.5', '0.7.9', '0.8.0'],
    language: 'Rust',
  },
  {
    registry: 'maven',
    name: 'org.apache.commons:commons-lang3',
    versions: ['3.11', '3.12.0', '3.13.0', '3.14.0', '3.15.0', '3.16.0', '3.17.0'],
    language: 'Java',
  },
  {
    registry: 'crates',
    name: 'tree-sitter',
    versions: ['0.20.0', '0.20.9', '0.21.0', '0.22.1', '0.23.0', '0.24.0', '0.25.0'],
    language: 'C',
  },
];
