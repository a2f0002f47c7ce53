import { argumentOf, isBuilt, isFalse, isTrue, optionOf, type Context, type Rule } from '../context.js';
import type { Call, Expression } from '../expression.js';
import type { Danger } from '../families.js';
import { isOpen, type Origin } from '../flow.js';
import { lastOf } from '../paths.js';

/**
 * A command that a shell takes apart. Joined with a parameter it is `high`: that is how words become commands. A whole command
 * that is handed on, or one joined with what the program itself knows, is `medium`: scripts do that all the time.
 */
export const shellOfBuiltString: Rule = context =>
  context.program.calls.flatMap(call => {
    const command = commandOf(call, context);
    if (command === null) return [];
    const origin = context.origin(command, cleanses);
    if (!isOpen(origin)) return [];
    return [danger(call, severityOf(origin, isBuilt(command, context.program)), origin)];
  });

/** The text that a shell gets, or null where there is no shell. */
function commandOf(call: Call, context: Context): Expression | null {
  const path = context.path(call.callee);
  const first = argumentOf(call, 0, 'args', 'cmd', 'command');
  if (first === null) return null;
  switch (context.program.language) {
    case 'python':
      if (alwaysShellPython.test(path)) return first;
      if (!runsPython.test(path)) return null;
      return isTrue(optionOf(call, 'shell')) ? first : behindShell(first);
    case 'javascript':
      if (
        /^(?:child_process|shelljs|@?child_process)\.exec(?:Sync)?$|^execa\.(?:command|execaCommand)(?:Sync)?$/.test(
          path,
        )
      ) {
        return path.startsWith('execa') && !isTrue(optionOf(call, 'shell')) ? null : first;
      }
      if (!/^(?:child_process|cross-spawn|execa)(?:\.(?:spawn|execFile|execa|sync)(?:Sync)?)?$/.test(path)) return null;
      return hasShell(call) ? withArguments(call, first) : shellOfList(first, argumentOf(call, 1));
    case 'go':
      return /(?:^|\/)exec\.Command(?:Context)?$/.test(path) ? behindShell(goList(call, path)) : null;
    case 'java':
      if (/Runtime(?:\.getRuntime)?\(\)\.exec$/.test(path))
        return behindShell(first) ?? (first.kind === 'list' ? null : first);
      return lastOf(path) === 'ProcessBuilder' && call.isNew
        ? behindShell(first.kind === 'list' ? first : listOf(call))
        : null;
  }
}

const alwaysShellPython =
  /^(?:os\.(?:system|popen|popen[234])|subprocess\.get(?:status)?output|commands\.get(?:status)?output|asyncio\.create_subprocess_shell|popen2\.popen[234]|pty\.spawn)$|paramiko\.SSHClient\(\)\.exec_command$/;
const runsPython = /^subprocess\.(?:run|call|check_call|check_output|Popen)$|^asyncio\.create_subprocess_exec$/;

function hasShell(call: Call): boolean {
  const shell = optionOf(call, 'shell');
  return shell !== null && !isFalse(shell) && (isTrue(shell) || shell.kind === 'text');
}

/** With a shell, arguments are only joined to the command. */
function withArguments(call: Call, first: Expression): Expression {
  const list = argumentOf(call, 1);
  const parts = list?.kind === 'list' ? [first, ...list.items] : [first];
  return parts.length === 1 ? first : { kind: 'joined', parts, start: first.start, end: call.end };
}

const shellNames = /(?:^|[/\\])(?:sh|bash|zsh|dash|ksh|cmd|cmd\.exe|powershell|pwsh)(?:\.exe)?$/i;

/** `["sh", "-c", command]`. */
function behindShell(list: Expression): Expression | null {
  if (list.kind !== 'list' || list.items.length < 3) return null;
  const [program, option, command] = list.items;
  const isShell = program?.kind === 'text' && shellNames.test(program.value);
  return isShell && option?.kind === 'text' && /^[-/]\w*c/i.test(option.value) ? (command ?? null) : null;
}

function shellOfList(program: Expression, list: Expression | null): Expression | null {
  if (list?.kind !== 'list') return null;
  return behindShell({ kind: 'list', items: [program, ...list.items], start: program.start, end: list.end });
}

function listOf(call: Call): Expression {
  return { kind: 'list', items: call.arguments.map(({ value }) => value), start: call.start, end: call.end };
}

function goList(call: Call, path: string): Expression {
  const list = listOf(call);
  return list.kind === 'list' && path.endsWith('Context') ? { ...list, items: list.items.slice(1) } : list;
}

const cleanses = (path: string): boolean =>
  /(?:^|\.)(?:quote|escape|shellescape|shellQuote|shell_quote|escapeshellarg|list2cmdline|join_args)$|^shlex\.|^shell-quote|^shescape/.test(
    path,
  );

function severityOf(origin: Origin, built: boolean): Danger['severity'] {
  if (origin === 'outside') return 'critical';
  return origin === 'given' && built ? 'high' : 'medium';
}

function danger({ start, end }: Call, severity: Danger['severity'], origin: Origin): Danger {
  const what =
    origin === 'outside'
      ? 'Text from a request becomes part of'
      : 'Something that is not written out here becomes part of';
  return {
    rule: 'security/shell-of-built-string',
    severity,
    start,
    end,
    message: `${what} a command for a shell. Start the program without a shell, with its arguments as a list.`,
    fix: null,
  };
}
