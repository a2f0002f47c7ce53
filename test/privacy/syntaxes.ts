import { pick } from './secretKinds.js';

type Writing = (name: Name, value: string) => string;

/** One name in the styles of the languages. */
export interface Name {
  readonly camel: string;
  readonly pascal: string;
  readonly snake: string;
  readonly upper: string;
  readonly kebab: string;
  readonly dotted: string;
}

export function nameOf(name: string): Name {
  const words = (name.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+/g) ?? []).map(word => word.toLowerCase());
  const pascal = words.map(word => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  return {
    camel: pascal.charAt(0).toLowerCase() + pascal.slice(1),
    pascal,
    snake: words.join('_'),
    upper: words.join('_').toUpperCase(),
    kebab: words.join('-'),
    dotted: words.join('.'),
  };
}

/** How a literal gets a name, by language. */
export const namedWritings: Readonly<Record<string, readonly Writing[]>> = {
  typescript: [
    ({ camel }, value) => `const ${camel} = '${value}';`,
    ({ camel }, value) => `export const ${camel}: string = "${value}";`,
    ({ camel }, value) => `const client = createClient({ url, ${camel}: '${value}' });`,
    ({ upper }, value) => `process.env.${upper} = '${value}';`,
    ({ upper }, value) => `const value = process.env['${upper}'] ?? '${value}';`,
    ({ kebab }, value) => `headers['x-${kebab}'] = \`${value}\`;`,
    ({ camel }, value) => `// ${camel}: '${value}' until the new one is there`,
    ({ camel }, value) => `  private readonly ${camel} = "${value}";`,
  ],
  python: [
    ({ upper }, value) => `${upper} = "${value}"`,
    ({ snake }, value) => `${snake} = '${value}'  # for now`,
    ({ snake }, value) => `session = connect(host="db", ${snake}="${value}", timeout=3)`,
    ({ upper }, value) => `os.environ["${upper}"] = "${value}"`,
    ({ upper, snake }, value) => `${snake} = os.environ.get("${upper}", "${value}")`,
    ({ snake }, value) => `settings = {"${snake}": "${value}", "debug": True}`,
    ({ snake }, value) => `${snake}: str = """${value}"""`,
  ],
  go: [
    ({ camel }, value) => `\t${camel} := "${value}"`,
    ({ pascal }, value) => `const ${pascal} = "${value}"`,
    ({ pascal }, value) => `\tcfg := Config{${pascal}: "${value}"}`,
    ({ upper }, value) => `\tos.Setenv("${upper}", "${value}")`,
    ({ camel }, value) => `var ${camel} string = \`${value}\``,
  ],
  rust: [
    ({ snake }, value) => `    let ${snake} = "${value}";`,
    ({ upper }, value) => `const ${upper}: &str = "${value}";`,
    ({ upper }, value) => `static ${upper}: &'static str = "${value}";`,
    ({ snake }, value) => `    let config = Config { ${snake}: String::from("${value}") };`,
    ({ snake }, value) => `    let ${snake} = "${value}".to_string();`,
  ],
  java: [
    ({ upper }, value) => `    private static final String ${upper} = "${value}";`,
    ({ camel }, value) => `        String ${camel} = "${value}";`,
    ({ dotted }, value) => `        properties.setProperty("app.${dotted}", "${value}");`,
    ({ dotted }, value) => `    @Value("\${app.${dotted}:${value}}")`,
  ],
  csharp: [
    ({ camel }, value) => `        var ${camel} = "${value}";`,
    ({ camel }, value) => `        private const string ${camel} = @"${value}";`,
    ({ pascal }, value) => `        public string ${pascal} { get; set; } = "${value}";`,
    ({ pascal }, value) => `        var options = new Options { ${pascal} = "${value}" };`,
  ],
  c: [
    ({ snake }, value) => `const char *${snake} = "${value}";`,
    ({ upper }, value) => `#define ${upper} "${value}"`,
    ({ snake }, value) => `static const char ${snake}[] = "${value}";`,
  ],
  cpp: [
    ({ camel }, value) => `  std::string ${camel} = "${value}";`,
    ({ camel }, value) => `  const std::string ${camel}{"${value}"};`,
    ({ camel }, value) => `  constexpr auto k${camel.charAt(0).toUpperCase()}${camel.slice(1)} = "${value}";`,
  ],
  php: [
    ({ snake }, value) => `$${snake} = '${value}';`,
    ({ upper }, value) => `define('${upper}', '${value}');`,
    ({ snake }, value) => `    '${snake}' => '${value}',`,
  ],
  ruby: [
    ({ snake }, value) => `  ${snake} = '${value}'`,
    ({ snake }, value) => `  config.${snake} = "${value}"`,
    ({ snake }, value) => `  client = Client.new(:${snake} => '${value}')`,
  ],
  kotlin: [
    ({ camel }, value) => `    val ${camel} = "${value}"`,
    ({ camel }, value) => `    private const val ${camel}: String = "${value}"`,
  ],
  shell: [
    ({ upper }, value) => `export ${upper}="${value}"`,
    ({ upper }, value) => `${upper}='${value}' ./deploy.sh`,
    ({ kebab }, value) => `./deploy --${kebab} "${value}" --verbose`,
    ({ kebab }, value) => `curl -H "X-${kebab}: ${value}" https://api.internal/v1/jobs`,
  ],
  dotenv: [({ upper }, value) => `${upper}=${value}`, ({ upper }, value) => `${upper}="${value}"`],
  json: [({ camel }, value) => `  "${camel}": "${value}",`, ({ snake }, value) => `  "${snake}": "${value}",`],
  yaml: [
    ({ snake }, value) => `  ${snake}: "${value}"`,
    ({ camel }, value) => `    ${camel}: '${value}'`,
    ({ upper }, value) => `      - ${upper}=${value}`,
    ({ upper }, value) => `      - name: ${upper}\n        value: "${value}"`,
  ],
  toml: [({ snake }, value) => `${snake} = "${value}"`],
  properties: [({ dotted }, value) => `app.${dotted}=${value}`, ({ snake }, value) => `${snake} = ${value}`],
  xml: [
    ({ camel }, value) => `    <${camel}>${value}</${camel}>`,
    ({ pascal }, value) => `    <add key="${pascal}" value="${value}" />`,
  ],
  terraform: [({ snake }, value) => `  ${snake} = "${value}"`],
  dockerfile: [({ upper }, value) => `ENV ${upper}=${value}`, ({ upper }, value) => `ENV ${upper} ${value}`],
  markdown: [({ upper }, value) => `    export ${upper}=${value}`],
};

const marks: Readonly<Record<string, string>> = {
  python: '#',
  ruby: '#',
  shell: '#',
  dotenv: '#',
  yaml: '#',
  toml: '#',
  properties: '#',
  terraform: '#',
  dockerfile: '#',
};

/** Places that give what stands there no telling name. */
const bareWritings: readonly ((value: string, comment: string) => string)[] = [
  (value, comment) => `${comment} was ${value} before the move`,
  (value, comment) => `${comment} see ${value}`,
];

const bareLiterals: Readonly<Record<string, readonly ((value: string) => string)[]>> = {
  typescript: [value => `const client = new Client('${value}');`, value => `  return fetchAll(base, "${value}", 3);`],
  python: [value => `client = Client("${value}")`, value => `rows = load(base, '${value}', limit=3)`],
  go: [value => `\tclient := New("${value}")`],
  rust: [value => `    let client = Client::new("${value}");`],
  java: [value => `        Client client = new Client("${value}");`],
  csharp: [value => `        var client = new Client("${value}");`],
  c: [value => `  connect_to("${value}");`],
  cpp: [value => `  Client client("${value}");`],
  shell: [value => `curl -H "Authorization: Bearer ${value}" https://api.internal/v1/jobs`],
  markdown: [value => `    curl "https://api.internal/v1/jobs?x=1&k=${value}"`],
  json: [value => `  "value": "${value}",`],
  yaml: [value => `  value: ${value}`],
  xml: [value => `    <item>${value}</item>`],
};

export function writeNamed(random: () => number, language: string, name: string, value: string): string {
  const writings = namedWritings[language] ?? [];
  // What a file of the language could not hold unquoted is quoted there.
  const line = pick(random, writings)(nameOf(name), value);
  return /[#*!?%@^=+ ]/.test(value) && unquotes.has(language)
    ? line.replace(new RegExp(`(?<!["'])${value.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}`), () => `"${value}"`)
    : line;
}

const unquotes = new Set(['dotenv', 'yaml', 'dockerfile', 'markdown']);

export function writeBare(random: () => number, language: string, value: string): string {
  const literals = bareLiterals[language] ?? [];
  if (language === 'json' || (literals.length > 0 && random() < 0.6)) return pick(random, literals)(value);
  return pick(random, bareWritings)(value, marks[language] ?? (language === 'xml' ? '<!--' : '//'));
}

/** A block of several lines as the language writes it. */
export function writeBlock(random: () => number, language: string, block: string): string {
  const escaped = block.replaceAll('\n', '\\n');
  const lines = block.split('\n');
  const joined = (mark: string, indent: string) => lines.map(line => `${indent}"${line}\\n"`).join(`${mark}\n`);
  const forms: Readonly<Record<string, readonly string[]>> = {
    typescript: [`const pem = \`${block}\`;`, `const pem = "${escaped}";`, `const pem =\n${joined(' +', '  ')};`],
    python: [`PEM = """${block}\n"""`, `PEM = "${escaped}"`, `PEM = (\n${joined('', '    ')}\n)`],
    go: [`const pem = \`${block}\`\n`, `\tpem := "${escaped}"`],
    rust: [`const PEM: &str = "${block}";`, `    let pem = r#"${block}"#;`],
    java: [
      `    static final String PEM =\n${joined(' +', '        ')};`,
      `    String pem = """\n${indented(block, '        ')}\n        """;`,
    ],
    csharp: [`        var pem = @"${block}";`],
    c: [`static const char pem[] =\n${joined('', '  ')};`],
    cpp: [`const char *pem =\n${joined('', '    ')};`],
    json: [`  "pem": "${escaped}",`],
    yaml: [`  pem: |\n${indented(block, '    ')}`, `  pem: "${escaped}"`],
    dotenv: [`PEM="${escaped}"`, `PEM="${block}"`],
    shell: [`cat > key.pem <<EOF\n${block}\nEOF`],
    markdown: [`\`\`\`\n${block}\n\`\`\``],
    terraform: [`  pem = <<EOT\n${block}\nEOT`],
    toml: [`pem = """\n${block}\n"""`],
    properties: [`pem=${escaped}`],
    xml: [`    <pem>\n${block}\n    </pem>`],
  };
  return pick(random, forms[language] ?? [indented(block, '# ')]);
}

function indented(block: string, indent: string): string {
  return block
    .split('\n')
    .map(line => indent + line)
    .join('\n');
}
