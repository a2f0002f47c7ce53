import { argumentOf, isFalse, isTrue, optionOf, type Context, type Rule } from '../context.js';
import type { Call, Expression } from '../expression.js';
import type { Danger } from '../families.js';
import { isOpen } from '../flow.js';
import { lastOf } from '../paths.js';

/**
 * Readers that run what they read. Bytes that are given or come over the network are `high` or worse; files of the program's
 * own, which many programs keep in such forms, are `medium`.
 */
export const unsafeDeserialisation: Rule = context =>
  context.program.calls.flatMap(call => {
    const path = context.path(call.callee);
    const found =
      context.program.language === 'python'
        ? inPython(call, path, context)
        : context.program.language === 'javascript'
          ? inJavaScript(call, path, context)
          : context.program.language === 'java'
            ? inJava(call, path, context)
            : null;
    return found === null ? [] : [found];
  });

function inPython(call: Call, path: string, context: Context): Danger | null {
  const first = argumentOf(call, 0, 'stream', 'data', 'file', 'f', 'obj');
  if (first === null) return null;
  if (/^(?:yaml|ruamel\.yaml)\.(?:load|load_all|unsafe_load|unsafe_load_all)$/.test(path))
    return yaml(call, path, first, context);
  if (
    /^(?:c?_?pickle|cPickle|dill|cloudpickle|marshal|jsonpickle|shelve|joblib|pandas|pd)\.(?:loads|decode|unpickler\.decode)$/.test(
      path,
    )
  ) {
    return ofBytes(call, path, first, context);
  }
  const isFile =
    /^(?:c?_?pickle|cPickle|dill|cloudpickle|joblib)\.(?:load|Unpickler)$|^(?:pandas|pd)\.read_pickle$/.test(path) ||
    (/^(?:numpy|np)\.load$/.test(path) && isTrue(optionOf(call, 'allow_pickle'))) ||
    (path === 'torch.load' && isFalse(optionOf(call, 'weights_only')));
  if (!isFile) return null;
  const origin = context.origin(first);
  if (origin === 'fixed') return null;
  return danger(call, origin === 'outside' ? 'critical' : 'medium', byPickle);
}

const byPickle = 'What pickle and its kin read can run any code. Use a format that holds only data, such as JSON.';

function ofBytes(call: Call, path: string, first: Expression, context: Context): Danger | null {
  const origin = context.origin(first, own);
  if (!isOpen(origin)) return null;
  return danger(
    call,
    origin === 'outside' ? 'critical' : origin === 'given' && !path.startsWith('marshal') ? 'high' : 'medium',
    byPickle,
  );
}

/** What the program itself has just written. */
const own = (path: string): boolean =>
  /(?:pickle|dill|cloudpickle|marshal)\.dumps$|get_data$|resource_string$/.test(path);

function yaml(call: Call, path: string, first: Expression, context: Context): Danger | null {
  const loader = argumentOf(call, 1, 'Loader');
  const name = loader === null ? null : lastOf(context.path(loader));
  const isUnsafe =
    path.includes('unsafe_') || name === null || /^(?:UnsafeLoader|Loader|CLoader|FullLoader|CFullLoader)$/.test(name);
  if (!isUnsafe || context.origin(first) === 'fixed') return null;
  const isFull = name !== null && /FullLoader$/.test(name);
  const [only, ...others] = call.arguments;
  const { callee } = call;
  const isPlain = only !== undefined && others.length === 0 && callee.kind === 'member';
  // The name alone is exchanged.
  const fix =
    isPlain && /^load(?:_all)?$/.test(callee.property)
      ? [{ start: callee.end - callee.property.length, end: callee.end, text: `safe_${callee.property}` }]
      : null;
  const message = 'This loader makes any object that the text asks for. Use yaml.safe_load.';
  return { ...danger(call, isFull ? 'medium' : 'high', message), fix };
}

function inJavaScript(call: Call, path: string, context: Context): Danger | null {
  const [first] = call.arguments;
  if (first === undefined) return null;
  const isRunning =
    /^(?:node-serialize|serialize-to-js|funcster|cryo)\.(?:unserialize|deserialize|deepDeserialize|parse)$/.test(path);
  const isFull =
    /^js-yaml\.(?:load|loadAll)$/.test(path) &&
    /FULL_SCHEMA|UNSAFE/.test(context.program.text.slice(call.start, call.end));
  if (!isRunning && !isFull) return null;
  const origin = context.origin(first.value);
  if (!isOpen(origin)) return null;
  return danger(
    call,
    origin === 'outside' ? 'critical' : 'high',
    'What this reads can hold functions, which run. Use JSON.parse and check what it gives.',
  );
}

function inJava(call: Call, path: string, context: Context): Danger | null {
  const message =
    'What is read here decides which classes are made. Read a format that holds only data, or filter the classes.';
  if (
    /(?:ObjectInputStream\(\)|@\w*[oO]bjectInput\w*|@ois)\.(?:readObject|readUnshared)$|XMLDecoder\(\)\.readObject$/.test(
      path,
    )
  ) {
    const receiver = call.callee.kind === 'member' ? context.origin(call.callee.object) : 'unknown';
    const isFiltered = /setObjectInputFilter|ObjectInputFilter|resolveClass/.test(context.program.text);
    return isFiltered ? null : danger(call, receiver === 'outside' ? 'critical' : 'high', message);
  }
  if (!/XStream\(\)\.fromXML$|(?:^|\.)Yaml\(\)\.load(?:All)?$/.test(path)) return null;
  const isSafe = /SafeConstructor|allowTypes|setupDefaultSecurity|addPermission/.test(context.program.text);
  return isSafe ? null : danger(call, 'medium', message);
}

function danger({ start, end }: Call, severity: Danger['severity'], message: string): Danger {
  return { rule: 'security/unsafe-deserialisation', severity, start, end, message, fix: null };
}
