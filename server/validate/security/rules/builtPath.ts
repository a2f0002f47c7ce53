import { isTrue, optionOf, type Context, type Rule } from '../context.js';
import type { Call } from '../expression.js';
import type { Danger } from '../families.js';
import { functionAt } from '../program.js';
import { lastOf } from '../paths.js';

/**
 * A path from a request, opened as it is. Only where both ends stand in one function, which hardly ever is a mistake of ours;
 * paths that a caller hands over are the caller's business.
 */
export const builtPath: Rule = context =>
  context.program.calls.flatMap(call => {
    const path = context.path(call.callee);
    if (isUnpacking(call, path, context)) return [danger(call, 'medium', unpacking)];
    const at = sinkOf(path, context);
    const values = call.arguments.filter(({ name, isSpread }) => name === null && !isSpread).map(({ value }) => value);
    const value = isUpload(path) ? values[0] : at === null ? undefined : values[at];
    if (value === undefined || context.origin(value, cleanses) !== 'outside') return [];
    return isChecked(call, context) ? [] : [danger(call, 'high', opening)];
  });

const opening =
  'A path from a request is opened. Resolve it, and refuse what does not lie in the folder that is meant.';
const unpacking = 'Members of an archive can name any path. Unpack with filter="data", or check each name.';

function isUnpacking(call: Call, path: string, { program }: Context): boolean {
  if (program.language !== 'python' || !/^tarfile\.(?:open|TarFile(?:\.open)?)\(\)\.extract(?:all)?$/.test(path))
    return false;
  return optionOf(call, 'filter') === null && optionOf(call, 'members') === null && !isTrue(optionOf(call, 'filter'));
}

/** A file that was sent, kept under the name that came with it. */
function isUpload(path: string): boolean {
  return /(?:^|[.@])request\.(?:files|FILES)(?:\.get\(\)|\[\])?\.save$/.test(path);
}

function sinkOf(path: string, { program }: Context): number | null {
  switch (program.language) {
    case 'python':
      return /^(?:io\.)?open$|^os\.(?:remove|unlink|rmdir|listdir|scandir|open|rename|makedirs|mkdir)$|^shutil\.(?:rmtree|copy\w*|move)$|^(?:flask\.)?send_file$|^(?:fastapi\.responses\.|starlette\.responses\.)?FileResponse$/.test(
        path,
      )
        ? 0
        : null;
    case 'javascript':
      if (
        /^(?:fs|fs-extra|fs\/promises|fs\.promises)\.\w+$/.test(path) &&
        /^(?:read|write|append|unlink|rm|rmdir|createRead|createWrite|open|readdir|copyFile|rename|mkdir|access|stat)/.test(
          lastOf(path),
        )
      )
        return 0;
      return /(?:^|[.@])(?:res|response|reply)\.(?:sendFile|sendfile|download)$/.test(path) &&
        !/\broot\s*:/.test(program.text)
        ? 0
        : null;
    case 'go':
      if (/^(?:os|io\/ioutil)\.(?:Open|OpenFile|ReadFile|Create|Remove|RemoveAll|WriteFile|ReadDir)$/.test(path))
        return 0;
      return path === 'net/http.ServeFile' ? 2 : null;
    case 'java':
      return /(?:^|\.)(?:File|FileInputStream|FileOutputStream|FileReader|FileWriter|RandomAccessFile)$/.test(path) ||
        /(?:^|\.)(?:Paths\.get|Path\.of|Files\.\w+)$/.test(path)
        ? 0
        : null;
  }
}

const cleanses = (path: string): boolean =>
  /(?:^|\.)(?:basename|secure_filename|safe_join|getName|Base|sanitize\w*|get_valid_filename|isSafe\w*)$|^sanitize-filename/.test(
    path,
  );

/** The function looks whether a path stays inside somewhere. */
function isChecked(call: Call, { program }: Context): boolean {
  const scope = functionAt(program, call.start);
  const text = program.text.slice(scope?.start ?? 0, scope?.end ?? program.text.length);
  return /startswith\(|startsWith\(|realpath|is_relative_to|commonpath|commonprefix|\.relative\(|HasPrefix|filepath\.Rel|toRealPath|getCanonicalPath|normalize\(\)|\.includes\(['"]\.\.|['"]\.\.\/?['"]|safe_join|IsLocal/.test(
    text,
  );
}

function danger({ start, end }: Call, severity: Danger['severity'], message: string): Danger {
  return { rule: 'security/built-path', severity, start, end, message, fix: null };
}
