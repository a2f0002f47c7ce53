/** One screen with its colours (escape sequences as `tmux capture-pane -e` prints them), and how long it was to be seen. */
export interface Frame {
  readonly screen: string;
  /** From 0. */
  readonly cursor: { readonly column: number; readonly row: number };
  readonly ms: number;
}

const cell = { width: 8.4, height: 18, font: 14 };
const colours = { text: '#e0e2ea', back: '#14161b', frame: '#2c2e33' };

/** The frames as one picture that plays in a browser, again and again. A line that several frames share is stored once. */
export function drawRecording(frames: readonly Frame[], columns: number, rows: number, title: string): string {
  const width = columns * cell.width + 24;
  const height = rows * cell.height + 24;
  const totalMs = frames.reduce((sum, { ms }) => sum + ms, 0);
  const lines = new Map<string, { readonly id: string; readonly spans: string }>();
  let startMs = 0;
  const groups = frames.map(({ screen, cursor, ms }, index) => {
    const used = screen
      .split('\n')
      .slice(0, rows)
      .map((line, row) => {
        const { spans, backs } = drawLine(line);
        if (spans === '') return '';
        const known = lines.get(backs + spans) ?? { id: `l${lines.size}`, spans: backs + spans };
        lines.set(backs + spans, known);
        return `<use href="#${known.id}" y="${row * cell.height}"/>`;
      });
    const group = `<g class="f" style="animation-name:f${index}">${used.join('')}${drawCursor(cursor)}</g>`;
    const [from, to] = [percent(startMs, totalMs), percent(startMs + ms, totalMs)];
    startMs += ms;
    // Each frame is seen in its share of the time and hidden before and after.
    const before = index === 0 ? '' : `0%{visibility:hidden}`;
    const after = index === frames.length - 1 ? '' : `${to}{visibility:hidden}`;
    return {
      group,
      rule: `@keyframes f${index}{${before}${from}{visibility:visible}${after}100%{visibility:${after === '' ? 'visible' : 'hidden'}}}`,
    };
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escapeText(title)}</title>
<style>text{font:${cell.font}px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:${colours.text}}
.f{visibility:hidden;animation:${totalMs}ms step-end infinite}
${groups.map(({ rule }) => rule).join('\n')}</style>
<defs>${[...lines.values()].map(({ id, spans }) => `<g id="${id}">${spans}</g>`).join('\n')}</defs>
<rect width="100%" height="100%" rx="8" fill="${colours.back}" stroke="${colours.frame}"/>
<g transform="translate(12 12)">
${groups.map(({ group }) => group).join('\n')}
</g>
</svg>
`;
}

function drawCursor({ column, row }: Frame['cursor']): string {
  const [x, y] = [(column * cell.width).toFixed(1), row * cell.height];
  return `<rect x="${x}" y="${y}" width="2" height="${cell.height}" fill="${colours.text}"/>`;
}

interface Style {
  readonly fore: string | null;
  readonly back: string | null;
  readonly bold: boolean;
  readonly italic: boolean;
  readonly inverse: boolean;
}

const plain: Style = { fore: null, back: null, bold: false, italic: false, inverse: false };

function drawLine(line: string): { readonly spans: string; readonly backs: string } {
  let style = plain;
  let column = 0;
  let spans = '';
  let backs = '';
  for (const [, codes, text] of line.matchAll(/\x1b\[([\d;]*)m|([^\x1b]+)/g)) {
    if (text === undefined) {
      style = applyCodes(style, (codes ?? '').split(';').map(Number));
      continue;
    }
    const length = [...text].length;
    const fore = style.inverse ? (style.back ?? colours.back) : style.fore;
    const back = style.inverse ? (style.fore ?? colours.text) : style.back;
    const x = (column * cell.width).toFixed(1);
    if (back !== null && back !== colours.back)
      backs += `<rect x="${x}" width="${(length * cell.width).toFixed(1)}" height="${cell.height}" fill="${back}"/>`;
    const seen = text.trim();
    if (seen !== '') {
      const start = ((column + [...text].findIndex(character => character !== ' ')) * cell.width).toFixed(1);
      // A length of its own for each run: fonts differ, columns must not.
      const run = `x="${start}" y="13.5" textLength="${([...seen].length * cell.width).toFixed(1)}"`;
      spans += `<text ${run}${looksOf(style, fore)}>${escapeText(seen)}</text>`;
    }
    column += length;
  }
  return { spans: spans === '' && backs === '' ? '' : spans || ' ', backs };
}

function looksOf({ bold, italic }: Style, fore: string | null): string {
  const looks = [
    ...(fore === null ? [] : [`fill:${fore}`]),
    ...(bold ? ['font-weight:bold'] : []),
    ...(italic ? ['font-style:italic'] : []),
  ];
  return looks.length === 0 ? '' : ` style="${looks.join(';')}"`;
}

function applyCodes(style: Style, codes: readonly number[]): Style {
  let next = style;
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0;
    if (code === 0) next = plain;
    else if (code === 1) next = { ...next, bold: true };
    else if (code === 3) next = { ...next, italic: true };
    else if (code === 7) next = { ...next, inverse: true };
    else if (code === 22) next = { ...next, bold: false };
    else if (code === 23) next = { ...next, italic: false };
    else if (code === 27) next = { ...next, inverse: false };
    else if (code === 39) next = { ...next, fore: null };
    else if (code === 49) next = { ...next, back: null };
    else if (code >= 30 && code <= 37) next = { ...next, fore: indexed(code - 30) };
    else if (code >= 90 && code <= 97) next = { ...next, fore: indexed(code - 82) };
    else if (code >= 40 && code <= 47) next = { ...next, back: indexed(code - 40) };
    else if (code >= 100 && code <= 107) next = { ...next, back: indexed(code - 92) };
    else if (code === 38 || code === 48) {
      const isIndexed = codes[at + 1] === 5;
      const colour = isIndexed
        ? indexed(codes[at + 2] ?? 0)
        : `#${[2, 3, 4].map(part => (codes[at + part] ?? 0).toString(16).padStart(2, '0')).join('')}`;
      next = code === 38 ? { ...next, fore: colour } : { ...next, back: colour };
      at += isIndexed ? 2 : 4;
    }
  }
  return next;
}

const basic = [
  '#07080d',
  '#ffc0b9',
  '#b3f6c0',
  '#fce094',
  '#a6dbff',
  '#ffcaff',
  '#8cf8f7',
  '#eef1f8',
  '#4f5258',
  '#ffc0b9',
  '#b3f6c0',
  '#fce094',
  '#a6dbff',
  '#ffcaff',
  '#8cf8f7',
  '#ffffff',
];

/** The palette of 256 colours: 16 of the terminal, a cube, and greys. */
function indexed(index: number): string {
  const known = basic[index];
  if (known !== undefined) return known;
  const hex = (value: number): string => value.toString(16).padStart(2, '0');
  if (index >= 232) return `#${hex(8 + (index - 232) * 10).repeat(3)}`;
  const level = (part: number): string => hex(part === 0 ? 0 : 55 + part * 40);
  const cube = index - 16;
  return `#${level(Math.floor(cube / 36))}${level(Math.floor(cube / 6) % 6)}${level(cube % 6)}`;
}

function percent(ms: number, totalMs: number): string {
  return `${((100 * ms) / totalMs).toFixed(3)}%`;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
