import type { Call, Expression } from './expression.js';
import { guards } from './guards.js';
import { lastOf, pathOf } from './paths.js';
import { bindingsOf, type Binding, type Program } from './program.js';
import { isFromOutside, isFromUser } from './sources.js';

/**
 * Whose words a value may hold, from best to worst: written out here; harmless (numbers, escaped, checked); unknown;
 * a parameter's or what the user typed; somebody else's, from over the network.
 */
export const origins = ['fixed', 'harmless', 'unknown', 'given', 'outside'] as const;
export type Origin = (typeof origins)[number];

export interface FlowOptions {
  readonly program: Program;
  /** Whether what a function gives back is harmless for what is asked. */
  readonly cleanses: (path: string) => boolean;
  /** What is known already; what is still being looked at is taken for fixed, as it adds nothing to itself. */
  readonly memory: Map<Expression, Origin>;
}

/** Whose words may be in it, as far as one function shows. */
export function originOf(expression: Expression, options: FlowOptions, depth = 0): Origin {
  if (depth > 40) return 'unknown';
  const known = options.memory.get(expression);
  if (known !== undefined) return known;
  options.memory.set(expression, 'fixed');
  const origin = lookUp(expression, options, depth);
  options.memory.set(expression, origin);
  return origin;
}

function lookUp(expression: Expression, options: FlowOptions, depth: number): Origin {
  const deeper = (other: Expression): Origin => originOf(other, options, depth + 1);
  switch (expression.kind) {
    case 'text':
    case 'function':
      return 'fixed';
    case 'scalar':
      return expression.value === '' ? 'harmless' : 'fixed';
    case 'joined':
      return worst(expression.parts.map(deeper));
    case 'choice':
      return worst(expression.options.map(deeper));
    case 'list':
      return worst(expression.items.map(deeper));
    case 'record':
      return worst(expression.entries.map(({ value }) => deeper(value)));
    case 'name':
      return originOfName(expression.name, expression.start, options, depth);
    case 'member':
      return originOfMember(expression, options, depth);
    case 'index':
      return originOfIndex(expression, options, depth);
    case 'call':
      return originOfCall(expression, options, depth);
    case 'other':
      return worst(['unknown', ...expression.parts.map(deeper)]);
  }
}

export function worst(all: readonly Origin[]): Origin {
  return all.reduce<Origin>((a, b) => (origins.indexOf(b) > origins.indexOf(a) ? b : a), 'fixed');
}

/** Whether anyone but the author has a word in it. */
export function isOpen(origin: Origin): boolean {
  return origins.indexOf(origin) >= origins.indexOf('unknown');
}

function originOfName(name: string, at: number, options: FlowOptions, depth: number): Origin {
  const bindings = bindingsOf(options.program, name, at);
  if (bindings.length === 0) return constantName.test(name) || fixedNames.has(name) ? 'fixed' : 'unknown';
  const origin = worst(bindings.slice(0, 16).map(binding => originOfBinding(binding, options, depth)));
  return isOpen(origin) && guards(options.program, name, at) ? 'harmless' : origin;
}

function originOfBinding({ meaning }: Binding, options: FlowOptions, depth: number): Origin {
  switch (meaning.kind) {
    case 'value':
      return originOf(meaning.value, options, depth + 1);
    case 'item':
      return originOf(meaning.of, options, depth + 1);
    case 'parameter':
      if (isPlainType(meaning.type)) return 'harmless';
      return meaning.isRoute ? 'outside' : 'given';
    case 'import':
      // Of the program itself.
      return constantName.test(lastOf(meaning.path)) ? 'fixed' : 'harmless';
    case 'function':
      return 'fixed';
    case 'opaque':
      return isPlainType(meaning.type) ? 'harmless' : 'unknown';
  }
}

function isPlainType(type: string): boolean {
  return /^(?:Optional\[)?(?:int|float|bool|number|boolean|bigint|u?int\d*|float\d*|long|short|double|byte|char|Integer|Long|Double|Boolean|UUID|uuid\.UUID|Decimal|datetime|date|Date|\d+|["'][\w-]*["'](?:\s*\|\s*["'][\w-]*["'])*)\]?(?:\s*\|\s*(?:None|null|undefined))?$/.test(
    type,
  );
}

const constantName = /^_{0,2}[A-Z][A-Z0-9_]+$/;
const fixedNames = new Set(['__file__', '__name__', '__dirname', '__filename', 'undefined', 'null', 'None']);

function originOfMember(member: Extract<Expression, { kind: 'member' }>, options: FlowOptions, depth: number): Origin {
  const { program } = options;
  const path = pathOf(member, program);
  if (isFromOutside(path, program.language)) return 'outside';
  if (isFromUser.test(path)) return 'given';
  if (constantName.test(member.property) || harmlessMembers.test(member.property)) return 'harmless';
  if (member.object.kind === 'name' && /^(?:self|this|cls)$/.test(member.object.name)) {
    const bindings = bindingsOf(program, `.${member.property}`, member.start);
    if (bindings.length === 0) return 'unknown';
    const origin = worst(bindings.slice(0, 8).map(binding => originOfBinding(binding, options, depth + 1)));
    // What was given to the object once, by whoever made it.
    return origin === 'given' ? 'unknown' : origin;
  }
  const value = entryOf(member.object, member.property, program);
  if (value !== null) return originOf(value, options, depth + 1);
  const origin = originOf(member.object, options, depth + 1);
  return origin === 'fixed' && path.includes('@') ? 'harmless' : origin;
}

const harmlessMembers =
  /^(?:length|size|count|name__|__name__|__class__|sep|linesep|execPath|executable|platform|pid)$/;

/** What a literal that a name stands for holds under a key. */
function entryOf(object: Expression, key: string, program: Program): Expression | null {
  if (object.kind !== 'name') return null;
  const [only, ...others] = bindingsOf(program, object.name, object.start);
  if (only?.meaning.kind !== 'value' || others.length > 0 || only.meaning.value.kind !== 'record') return null;
  return only.meaning.value.entries.find(entry => entry.key === key)?.value ?? null;
}

function originOfIndex(index: Extract<Expression, { kind: 'index' }>, options: FlowOptions, depth: number): Origin {
  const path = pathOf(index, options.program);
  if (isFromOutside(path, options.program.language)) return 'outside';
  if (isFromUser.test(path)) return 'given';
  return originOf(index.object, options, depth + 1);
}

function originOfCall(call: Call, options: FlowOptions, depth: number): Origin {
  const { program, cleanses } = options;
  const path = pathOf(call.callee, program);
  const whole = `${path}()`;
  if (isFromOutside(whole, program.language)) return 'outside';
  if (isFromUser.test(whole)) return 'given';
  if (call.isTagged || cleanses(path) || plainResults.test(path)) return 'harmless';
  const given = call.arguments.map(({ value }) => value);
  const last = lastOf(path);
  const receiver = call.callee.kind === 'member' ? call.callee.object : null;
  const [first] = given;
  if (/^(?:map|flatMap)$/.test(last) && first?.kind === 'function' && first.results.length > 0) {
    return worst(first.results.map(other => originOf(other, options, depth + 1)));
  }
  if (receiver !== null && passingMethods.has(last)) {
    const from = program.language === 'go' || isModule(receiver, program) ? [] : [receiver];
    return worst([...from, ...given].map(other => originOf(other, options, depth + 1)));
  }
  if (receiver !== null && last === 'get' && given.length > 0) {
    const origin = worst([receiver, ...given.slice(1)].map(other => originOf(other, options, depth + 1)));
    return origin === 'given' ? 'given' : origin === 'harmless' ? 'unknown' : origin;
  }
  if (passingFunctions.has(path) || (call.isNew && passingFunctions.has(last))) {
    return worst(given.map(other => originOf(other, options, depth + 1)));
  }
  const local = call.callee.kind === 'name' ? bindingsOf(program, call.callee.name, call.start)[0] : undefined;
  if (local?.meaning.kind === 'function' && local.meaning.results.length > 0) {
    const origin = worst(local.meaning.results.map(other => originOf(other, options, depth + 2)));
    return isOpen(origin) ? 'unknown' : origin;
  }
  return 'unknown';
}

function isModule(receiver: Expression, program: Program): boolean {
  if (receiver.kind !== 'name') return false;
  const [first] = bindingsOf(program, receiver.name, receiver.start);
  return first === undefined ? /^[A-Z]|^(?:os|path|json)$/.test(receiver.name) : first.meaning.kind === 'import';
}

/** Numbers, times, ids and the like: no words of anyone's. */
const plainResults =
  /^(?:int|float|len|bool|ord|round|hash|id|abs|sum|Number|BigInt|Boolean|parseInt|parseFloat|isNaN|hex|oct|bin|range|type)$|^(?:Math|Number|Date|math|time|random|secrets|uuid|crypto\.random\w*|strconv|decimal)\.|^(?:uuid|datetime)\.|(?:^|\.)(?:toFixed|getTime|toISOString|isoformat|strftime|parseInt|parseLong|parseDouble|Atoi|ParseInt|Itoa|randomUUID|uuid4|uuidv4|fileno|getpid|hexdigest|digest|indexOf|length|size|hashCode|currentTimeMillis|nanoTime|now)$/;

/** What they give back is made of what they are called on and with. */
const passingMethods = new Set(
  `strip lstrip rstrip lower upper title capitalize format format_map join replace replaceAll encode decode trim trimStart trimEnd toString
  concat slice substring substr split splitlines rsplit repeat padStart padEnd zfill ljust toLowerCase toUpperCase map filter flatMap
  flat reverse sort copy keys values items entries pop shift at stringify dumps dedent expanduser abspath normpath resolve
  normalize append String valueOf trimPrefix TrimSpace TrimPrefix TrimSuffix Join Replace ReplaceAll ToLower ToUpper Split Sprintf Sprint Sprintln
  formatted toCharArray getBytes b64decode unquote unquote_plus decodeURIComponent group`.split(/\s+/),
);

const passingFunctions = new Set(
  `str bytes bytearray list tuple set dict sorted reversed enumerate zip map filter iter next repr ascii format String Array.from Object.keys
  Object.values Object.entries Object.assign Buffer.from decodeURIComponent decodeURI unescape atob json.dumps JSON.stringify os.path.join posixpath.join
  path.join path.resolve path.normalize pathlib.Path Path fmt.Sprintf fmt.Sprint fmt.Sprintln strings.Join base64.b64decode
  urllib.parse.unquote urllib.parse.urlparse urllib.parse.parse_qs url.parse URL querystring.parse qs.parse JSON.parse json.loads textwrap.dedent inspect.cleandoc StringBuilder StringBuffer File`.split(
    /\s+/,
  ),
);
