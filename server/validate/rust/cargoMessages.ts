import { join, normalize } from 'node:path';
import { toolFinding } from '../names/toolRun.js';
import type { Finding, SourceFile } from '../validator.js';

interface Span {
  readonly file_name: string;
  readonly byte_start: number;
  readonly byte_end: number;
  readonly is_primary: boolean;
  readonly label: string | null;
  readonly expansion: { readonly span: Span } | null;
}

interface Diagnostic {
  readonly message: string;
  readonly level: string;
  readonly code: { readonly code: string } | null;
  readonly spans: readonly Span[];
}

const ruleOfCode: Readonly<Record<string, string>> = {
  E0425: 'unknown-name',
  E0412: 'unknown-name',
  E0405: 'unknown-name',
  E0423: 'unknown-name',
  E0531: 'unknown-name',
  E0574: 'unknown-name',
  E0422: 'unknown-name',
  E0432: 'unknown-export',
  E0433: 'unknown-export',
  E0603: 'unknown-export',
  E0599: 'unknown-member',
  E0609: 'unknown-member',
  E0610: 'unknown-member',
  E0560: 'unknown-member',
  E0026: 'unknown-member',
  E0407: 'unknown-member',
  E0437: 'unknown-member',
  E0438: 'unknown-member',
  E0576: 'unknown-member',
  E0463: 'unknown-package',
};

/**
 * Findings in what `cargo check --message-format=json` prints; paths are relative to the root of Cargo's workspace. `others`
 * counts errors in files that are not judged.
 */
export function cargoFindings(
  output: string,
  root: string,
  files: readonly SourceFile[],
): { readonly findings: readonly Finding[]; readonly others: number } {
  const byPath = new Map(files.map(file => [normalize(file.path), file]));
  const findings: Finding[] = [];
  let others = 0;
  for (const diagnostic of diagnosticsIn(output)) {
    if (diagnostic.level !== 'error' || diagnostic.spans.length === 0) continue;
    const found = findingOf(diagnostic, root, byPath);
    if (found === null) others++;
    else findings.push(found);
  }
  return { findings, others };
}

function* diagnosticsIn(output: string): Generator<Diagnostic> {
  for (const line of output.split('\n')) {
    if (!line.startsWith('{"reason":"compiler-message"')) continue;
    try {
      const { message } = JSON.parse(line) as { readonly message: Diagnostic };
      if (typeof message.message === 'string' && Array.isArray(message.spans)) yield message;
    } catch {
      // A line that was cut off.
    }
  }
}

function findingOf(diagnostic: Diagnostic, root: string, files: ReadonlyMap<string, SourceFile>): Finding | null {
  const { message, code, spans } = diagnostic;
  let span = spans.find(each => each.is_primary) ?? null;
  // What a macro made lies where the macro is used.
  while (span !== null && !files.has(normalize(join(root, span.file_name)))) span = span.expansion?.span ?? null;
  const file = span === null ? undefined : files.get(normalize(join(root, span.file_name)));
  if (span === null || file === undefined) return null;
  const bytes = Buffer.from(file.text);
  const start = bytes.subarray(0, span.byte_start).toString('utf8').length;
  const end = start + bytes.subarray(span.byte_start, span.byte_end).toString('utf8').length;
  return toolFinding(
    file,
    ruleOf(code?.code ?? '', `${message} ${span.label ?? ''}`),
    { start, end },
    message.replaceAll('`', ''),
  );
}

function ruleOf(code: string, message: string): string {
  if (/^cannot find (?:macro|attribute|derive macro)/.test(message)) return 'names/unknown-name';
  if (
    /unresolved module or unlinked crate|use of undeclared crate|maybe a missing crate|can't find crate/.test(message)
  )
    return 'names/unknown-package';
  if (code === 'E0433' && /use of undeclared (?:type|trait|variable)/.test(message)) return 'names/unknown-name';
  const rule = ruleOfCode[code];
  return rule === undefined ? 'types/rust' : `names/${rule}`;
}
