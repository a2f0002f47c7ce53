import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../support/repositoryRoot.js';

/** A real file that something can be planted in. */
export interface Host {
  readonly path: string;
  readonly language: string;
  readonly text: string;
}

const languages: Readonly<Record<string, string>> = {
  ts: 'typescript',
  tsx: 'typescript',
  js: 'typescript',
  mjs: 'typescript',
  py: 'python',
  go: 'go',
  rs: 'rust',
  java: 'java',
  cs: 'csharp',
  c: 'c',
  cpp: 'cpp',
  json: 'json',
  md: 'markdown',
  sh: 'shell',
  toml: 'toml',
};

/** Real code: this repository and the packages that it is built with, and a few files as every project has them. */
export function loadHosts(): readonly Host[] {
  const folders = ['server', 'index', 'grammars', 'clients', 'test/fixtures', 'test/support'];
  const packages = [
    'openai',
    'ollama',
    'fast-check',
    'chokidar',
    'ignore',
    'mocha',
    'p-queue',
    'cockatiel',
    'jsonc-parser',
  ];
  const roots = [...folders, ...packages.map(name => join('node_modules', name))].map(path =>
    join(repositoryRoot, path),
  );
  // The rules' own sources are full of what they look for.
  const files = roots.flatMap(listFiles).filter(path => !/[/\\]server[/\\]secrets[/\\]/.test(path));
  return [...files.flatMap(readHost), ...everyProject];
}

function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap(entry => {
        const path = join(folder, entry.name);
        return entry.isDirectory() ? listFiles(path) : entry.isFile() ? [path] : [];
      });
  } catch {
    return [];
  }
}

function readHost(path: string): Host[] {
  const language = /\.d\.[cm]?ts$/.test(path) ? undefined : languages[path.slice(path.lastIndexOf('.') + 1)];
  if (language === undefined || statSync(path).size > 60_000 || statSync(path).size < 300) return [];
  return [{ path, language, text: readFileSync(path, 'utf8').replaceAll('\r\n', '\n') }];
}

const file = (path: string, language: string, lines: readonly string[]): Host => ({
  path: join(repositoryRoot, 'planted', path),
  language,
  text: `${lines.join('\n')}\n`,
});

const everyProject: readonly Host[] = [
  file('.env', 'dotenv', [
    'NODE_ENV=production',
    'PORT=8080',
    'LOG_LEVEL=info',
    'REDIS_HOST=cache.internal',
    'TZ=Europe/Vienna',
    'FEATURE_X=1',
  ]),
  file('docker-compose.yml', 'yaml', [
    'services:',
    '  web:',
    '    image: registry.internal/shop/web:1.14.2',
    '    ports:',
    '      - "8080:8080"',
    '    environment:',
    '      - NODE_ENV=production',
    '      - LOG_LEVEL=info',
    '  db:',
    '    image: postgres:16-alpine',
    '    volumes:',
    '      - data:/var/lib/postgresql/data',
    'volumes:',
    '  data: {}',
  ]),
  file('values.yaml', 'yaml', [
    'replicaCount: 2',
    'image:',
    '  repository: registry.internal/shop/web',
    '  tag: "1.14.2"',
    'service:',
    '  type: ClusterIP',
    '  port: 80',
    'resources:',
    '  limits:',
    '    cpu: 500m',
    '    memory: 256Mi',
  ]),
  file('Dockerfile', 'dockerfile', [
    'FROM node:20-alpine',
    'WORKDIR /app',
    'COPY package*.json ./',
    'RUN npm ci --omit=dev',
    'COPY . .',
    'EXPOSE 8080',
    'CMD ["node", "server.js"]',
  ]),
  file('application.properties', 'properties', [
    'spring.application.name=shop',
    'server.port=8080',
    'spring.jpa.show-sql=false',
    'logging.level.root=INFO',
    'app.page.size=50',
  ]),
  file('web.config', 'xml', [
    '<?xml version="1.0"?>',
    '<configuration>',
    '  <appSettings>',
    '    <add key="PageSize" value="50" />',
    '    <add key="Theme" value="light" />',
    '  </appSettings>',
    '</configuration>',
  ]),
  file('main.tf', 'terraform', [
    'resource "aws_db_instance" "orders" {',
    '  engine            = "postgres"',
    '  instance_class    = "db.t3.micro"',
    '  allocated_storage = 20',
    '  identifier        = "orders"',
    '}',
  ]),
  file('deploy.sh', 'shell', [
    '#!/bin/sh',
    'set -eu',
    'cd "$(dirname "$0")"',
    'docker compose pull',
    'docker compose up -d --remove-orphans',
    'echo "deployed $(git rev-parse --short HEAD)"',
  ]),
  file('wp-config.php', 'php', [
    '<?php',
    '$table_prefix = "wp_";',
    'if (!defined("ABSPATH")) {',
    '    define("ABSPATH", __DIR__ . "/");',
    '}',
    'require_once ABSPATH . "wp-settings.php";',
  ]),
  file('initializer.rb', 'ruby', [
    'require "client"',
    '',
    'Client.configure do |config|',
    '  config.timeout = 5',
    '  config.retries = 2',
    'end',
  ]),
  file('Settings.kt', 'kotlin', [
    'package shop',
    '',
    'object Settings {',
    '    val pageSize = 50',
    '    fun isLarge(count: Int) = count > pageSize',
    '}',
  ]),
];
