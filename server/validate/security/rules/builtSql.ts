import { argumentOf, pieces, type Context, type Rule } from '../context.js';
import type { Call, Expression } from '../expression.js';
import type { Danger } from '../families.js';
import { isOpen, type Origin } from '../flow.js';
import { lastOf } from '../paths.js';

/**
 * SQL with values written into it. Where a value belongs, which has parameters, it is `high` or worse. Where a name of a table
 * or a column belongs, for which there are none, it is `medium`, unless a request names it.
 */
export const builtSql: Rule = context =>
  context.program.calls.flatMap(call => {
    const statement = statementOf(call, context);
    if (statement === null) return [];
    const worst = worstHole(statement, vague.test(lastOf(context.path(call.callee))), context);
    return worst === null ? [] : [danger(call, worst)];
  });

function statementOf(call: Call, context: Context): Expression | null {
  if (call.isTagged || call.isNew) return null;
  const path = context.path(call.callee);
  const last = lastOf(path);
  if (!executing.test(last)) return null;
  const isGoContext = context.program.language === 'go' && /Context$/.test(last);
  const first = argumentOf(call, isGoContext ? 1 : 0, 'query', 'sql', 'statement', 'operation', 'params');
  // Drivers of JavaScript take an object too.
  if (first?.kind === 'record') return first.entries.find(({ key }) => key === 'text' || key === 'sql')?.value ?? null;
  return first;
}

const executing =
  /^(?:execute\w*|executemany|executescript|exec|query\w*|queryRaw\w*|\$queryRawUnsafe|\$executeRawUnsafe|raw|rawQuery|run|all|get|each|prepare\w*|read_sql\w*|Query\w*|Exec\w*|Prepare\w*|Raw|Select|Get|createQuery|createNativeQuery|createSQLQuery|addBatch|nativeQuery|fetch\w*|select|mogrify|text|one|any|none|many|manyOrNone|oneOrNone|extra|update|batchUpdate|queryForObject|queryForList|literal|whereRaw|orderByRaw|havingRaw|joinRaw)$/;

/** Names that other things have too: then the text must be unmistakable. */
const vague = /^(?:run|all|get|each|text|one|any|none|many|select|update|literal|extra|fetch\w*|prepare\w*|raw)$/;
const isPlainSql = /\b(?:SELECT|INSERT|UPDATE|DELETE|WHERE|DROP|ALTER|CREATE)\b|\bwhere\s+\S+\s*(?:=|<|>|in|like)/;

interface Hole {
  readonly origin: Origin;
  readonly isValue: boolean;
}

/** The worst of what is put into a statement; null where it is none, or nothing of anyone's is put in. */
function worstHole(statement: Expression, isVague: boolean, context: Context): Hole | null {
  const parts = pieces(statement, context.program);
  if (parts.length < 2) return null;
  const written = parts.map(part => (part.kind === 'text' ? part.value : ' ? ')).join('');
  if (!looksLikeSql.test(written) || (isVague && !isPlainSql.test(written))) return null;
  // There are no parameters in what defines a table.
  const isDefinition = /^\s*(?:create|alter|drop|truncate|grant|comment)\b/i.test(written);
  let before = '';
  let worst: Hole | null = null;
  for (const part of parts) {
    if (part.kind === 'text') {
      before += part.value;
      continue;
    }
    const origin = context.origin(part, cleanses);
    if (isOpen(origin) && before !== '') {
      const hole = { origin, isValue: !isDefinition && isValuePlace(before) };
      if (worst === null || rank(hole) > rank(worst)) worst = hole;
    }
    before += ' ? ';
  }
  return worst;
}

const looksLikeSql =
  /^\s*(?:\(?\s*select\b[\s\S]*\bfrom\b|insert\s+(?:or\s+\w+\s+)?into\b|replace\s+into\b|update\s+\S+[\s\S]*\bset\b|delete\s+from\b|with\s+\w+[\s\S]*\bas\s*\(|create\s+(?:or\s+replace\s+|temp\w*\s+|unique\s+)?(?:table|view|index|database|user|role|schema)\b|drop\s+(?:table|view|index|database|user)\b|alter\s+\w+\s|truncate\s|grant\s|call\s+\w+\(|merge\s+into\b|exec(?:ute)?\s+\w+|where\s|order\s+by\s|from\s+\w+\s[\s\S]*\bwhere\b)/i;

const valueWords =
  /^(?:where|and|or|set|values|like|ilike|in|between|having|limit|offset|on|when|then|else|not|is|=|<|>|!=|<>|<=|>=|,|\(|'|")$/i;
const nameWords =
  /^(?:from|join|into|update|table|by|index|view|database|schema|column|truncate|pragma|exists|select|distinct|as|add|drop|rename|to|user|role|using|references|asc|desc)$/i;

/** Whether a value belongs where a statement has come to, and not a name. */
function isValuePlace(before: string): boolean {
  const near = before.slice(-400).replace(/\?/g, ' ');
  if (/(?:=|<|>|!=|\blike|\bilike|\blimit|\boffset|\bbetween|\band|\bthen|\|\|)\s*\(?\s*[uUnNeE]?['%]?%?$/i.test(near))
    return true;
  // Names are quoted in other ways than values.
  if (/["`\[]$/.test(near)) return false;
  // An odd number of quotes: inside a literal.
  if ((near.replace(/''/g, '').match(/'/g)?.length ?? 0) % 2 === 1) return true;
  const words = near.match(/[A-Za-z_]+|[=<>(),'"]/g) ?? [];
  for (let at = words.length - 1; at >= 0; at--) {
    const word = words[at] ?? '';
    if (/^[(),]$/.test(word)) continue;
    if (nameWords.test(word)) return false;
    if (/^(?:values|in)$/i.test(word)) return true;
    if (valueWords.test(word)) return /^(?:set|where|and|or|having|on|not|when)$/i.test(word) ? false : true;
  }
  return false;
}

function rank({ origin, isValue }: Hole): number {
  return (origin === 'outside' ? 4 : origin === 'given' ? 1 : 0) + (isValue ? 2 : 0);
}

const cleanses = (path: string): boolean =>
  /(?:^|\.)(?:escape\w*|quote\w*|literal|Identifier|Literal|quote_ident|quoteIdent\w*|sanitize\w*|mogrify|bindparam|placeholder\w*|format_ident|QuoteIdentifier|QuoteLiteral|adapt|as_sql|get_table_name|tableName|getTableName|compile|toSQL|getQuery|getSql)$|^(?:sql|psycopg2\.sql|psycopg\.sql|sqlalchemy)\./.test(
    path,
  );

function danger({ start, end }: Call, { origin, isValue }: Hole): Danger {
  const severity = origin === 'outside' ? 'critical' : isValue && origin === 'given' ? 'high' : 'medium';
  const who = origin === 'outside' ? 'Text from a request' : 'Something that is not written out here';
  const advice = isValue
    ? 'Pass it as a parameter of the statement.'
    : 'Choose it from a list of names that are written out.';
  return {
    rule: 'security/built-sql',
    severity,
    start,
    end,
    message: `${who} is joined into a statement of SQL. ${advice}`,
    fix: null,
  };
}
