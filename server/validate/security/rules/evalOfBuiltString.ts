import type { Call, Expression } from '../expression.js';
import type { Context, Rule } from '../context.js';
import { isBuilt } from '../context.js';
import type { Danger } from '../families.js';
import { isOpen, type Origin } from '../flow.js';
import { lastOf } from '../paths.js';

/**
 * Text run as code. What is joined, given as a parameter or comes over the network is `high` or worse: real programs hardly
 * do it, and a person can do without. What comes from elsewhere in the program (a file, a template's compiler) is `medium`.
 */
export const evalOfBuiltString: Rule = context =>
  context.program.calls.flatMap(call => {
    const code = codeOf(call, context);
    if (code === null) return [];
    const origin = context.origin(code, cleanses);
    if (!isOpen(origin)) return [];
    const severity = severityOf(origin, isBuilt(code, context.program), call);
    return [danger(call, severity, origin === 'outside')];
  });

function severityOf(origin: Origin, built: boolean, call: Call): Danger['severity'] {
  if (origin === 'outside') return 'critical';
  if (built) return 'high';
  // Debuggers and the like run what they are given, and say in which names.
  return origin === 'given' && call.arguments.length === 1 ? 'high' : 'medium';
}

/** The argument that is run, or null where the call runs none. */
function codeOf(call: Call, context: Context): Expression | null {
  const path = context.path(call.callee);
  const given = call.arguments.filter(({ name, isSpread }) => name === null && !isSpread).map(({ value }) => value);
  const [first] = given;
  if (first === undefined) return null;
  if (context.program.language === 'python') {
    if (/^(?:builtins\.)?(?:eval|exec)$/.test(path)) return first;
    // What is compiled is mostly run later; that alone is worth a word only for words of others.
    if (path === 'compile') return context.origin(first) === 'outside' ? first : null;
    return /^(?:code\.InteractiveInterpreter\(\)\.runsource|timeit\.timeit)$/.test(path) ? first : null;
  }
  if (context.program.language === 'javascript') {
    if (/^(?:(?:window|globalThis|global|self)\.)?eval$/.test(path)) return first;
    if (/^(?:(?:window|globalThis|global)\.)?Function$/.test(path)) return given.at(-1) ?? null;
    if (/^vm2?\.(?:runIn\w+Context|Script|compileFunction)$/.test(path)) return first;
    if (/^(?:@?\w+\.)?vm2?\.VM\(\)\.run$/.test(path)) return first;
    const isTimer = /^(?:(?:window|globalThis|global|self)\.)?(?:setTimeout|setInterval|setImmediate|execScript)$/.test(
      path,
    );
    // A name may stand for a function; joined text cannot.
    return isTimer && isBuilt(first, context.program) && context.origin(first, cleanses) !== 'fixed' ? first : null;
  }
  if (context.program.language === 'java') {
    if (lastOf(path) === 'eval' && /ScriptEngine|getEngineBy/.test(path)) return first;
    return /(?:GroovyShell\(\)\.(?:evaluate|parse)|ExpressionParser\(\)\.parseExpression)$/.test(path) ? first : null;
  }
  return null;
}

const cleanses = (path: string): boolean => /(?:^|\.)(?:literal_eval|compile|quote|safe_eval)$/.test(path);

function danger({ start, end }: Call, severity: Danger['severity'], isOutside: boolean): Danger {
  const what = isOutside ? 'Text from a request is run as code' : 'Text that is not written out here is run as code';
  return {
    rule: 'security/eval-of-built-string',
    severity,
    start,
    end,
    message: `${what}. Parse the data instead, or choose among functions that are written out.`,
    fix: null,
  };
}
