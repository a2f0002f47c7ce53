/**
 * Words of which every place that the rules can find has one. What holds none of them needs no tree, so that a folder of files
 * is gone through at the speed of reading.
 */
export function hasSinkWord(text: string, grammar: string): boolean {
  return words[grammar]?.test(text) ?? false;
}

const sql = String.raw`\b(?:select\s|insert\s|update\s|delete\s|replace\s|where\s|create\s|drop\s|alter\s|truncate\s|with\s)`;

const javascript = new RegExp(
  String.raw`\beval\b|\bFunction\s*\(|\bvm2?\b|setTimeout|setInterval|child_process|shelljs|execa|cross-spawn|serialize|funcster|cryo|js-yaml|createHash|md5|sha1|createCipher|createDecipher|[cC]rypto-?[jJ][sS]|rejectUnauthorized|strictSSL|NODE_TLS_REJECT|checkServerIdentity|innerHTML|outerHTML|srcdoc|__html|document\.write|insertAdjacentHTML|createContextualFragment|bypassSecurityTrust|\.html\(|\b(?:res|response|reply|resp)\b.{0,80}\.(?:send|end|write|sendFile|download)\b|\b(?:req|request|ctx|event)\b[\s\S]*\bfs\b|\bfs\b[\s\S]*\b(?:req|request|ctx|event)\b|\b(?:query|execute|raw|Unsafe|run|all|get|prepare|none|any|one|many)\w*\s*\([\s\S]*?${sql}|${sql}[\s\S]*?\b(?:query|execute|raw|Unsafe|run|all|get|prepare|none|any|one|many)\w*\s*\(`,
  'i',
);

const words: Readonly<Record<string, RegExp>> = {
  python: new RegExp(
    String.raw`\beval\b|\bexec\b|os\.|subprocess|popen|commands|create_subprocess|exec_command|pickle|marshal|shelve|dill|joblib|yaml|allow_pickle|torch|hashlib|\bHash\b|hashes|Cipher|modes|algorithms|verify|check_hostname|CERT_NONE|_create_unverified|validate_certs|mark_safe|Markup|SafeString|render_template_string|make_response|HttpResponse|HTMLResponse|Response|tarfile|\brequest\b|${sql}`,
    'i',
  ),
  javascript,
  typescript: javascript,
  tsx: javascript,
  go: new RegExp(
    String.raw`exec\.Command|md5|sha1|crypto\/|\bdes\.|rc4|InsecureSkipVerify|template\.|Fprint|WriteString|ServeFile|FormValue|Query\(|${sql}`,
    'i',
  ),
  java: new RegExp(
    String.raw`getRuntime|ProcessBuilder|ScriptEngine|GroovyShell|parseExpression|readObject|readUnshared|XStream|Yaml|MessageDigest|DigestUtils|Hashing|getInstance|HostnameVerifier|TrustManager|getWriter|PrintWriter|getParameter|getHeader|getCookies|getQueryString|${sql}`,
    'i',
  ),
};
