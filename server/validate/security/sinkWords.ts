/**
 * Words of which every place that the rules can find has one. What holds none of them needs no tree, so that a folder of files
 * is gone through at the speed of reading.
 */
export function hasSinkWord(text: string, grammar: string): boolean {
  const { alone, together } = words[grammar] ?? nothing;
  return alone.test(text) || together.some(all => all.every(word => word.test(text)));
}

interface Words {
  readonly alone: RegExp;
  /** Of each list, all must be there. */
  readonly together: readonly (readonly RegExp[])[];
}

const nothing: Words = { alone: /$^/, together: [] };

/** At the beginning of a literal. */
const sql =
  /["'`(]\s{0,200}(?:select|insert|update|delete|replace|with|create|drop|alter|truncate|where|order|from|merge|call|exec|grant)\w*\s/i;
const executing =
  /\b\$?(?:execute|query|raw|exec|prepare|run|all|get|each|one|any|none|many|text|fetch|read_sql|select|update|mogrify|extra|\w+raw|native|addbatch|batch|createquery|queryfor)\w*\s{0,4}[(<]/i;
const statements = [sql, executing];

const javascript: Words = {
  alone:
    /\beval\b|\bFunction\s{0,4}\(|\bvm2?\b|setTimeout|setInterval|setImmediate|execScript|child_process|shelljs|execa|cross-spawn|serialize|funcster|cryo|js-yaml|createHash|md5|sha1|createCipher|createDecipher|generateKeyPair|crypto-?js|rejectUnauthorized|strictSSL|NODE_TLS_REJECT|checkServerIdentity|innerHTML|outerHTML|srcdoc|__html|document\.write|insertAdjacentHTML|createContextualFragment|bypassSecurityTrust|\.html\(/i,
  together: [
    statements,
    [
      /\b(?:req|request|ctx|context|event|location|URLSearchParams|searchParams)\b/,
      /\bfs\b|fs-extra|\.(?:send|end|write|sendFile|sendfile|download)\(/,
    ],
  ],
};

const words: Readonly<Record<string, Words>> = {
  python: {
    alone:
      /\beval\b|\bexec\b|\bos\.(?:system|popen)|\bpopen|\bfrom os import|subprocess|commands|pty\b|create_subprocess|exec_command|pickle|marshal|shelve|dill|joblib|yaml|allow_pickle|torch|hashlib|\bHash\b|hashes|[cC]ipher|PublicKey|generate_private_key|wrap_socket|\bcompile\(|modes|algorithms|verify|check_hostname|CERT_NONE|_create_unverified|validate_certs|mark_safe|Markup|SafeString|SafeText|render_template_string|tarfile|timeit|runsource/,
    together: [
      statements,
      [
        /\b(?:request|req|get_argument|get_query_argument|recv|FieldStorage)\b|@\w+\.(?:route|get|post|put|delete|patch)\(/,
        /\bopen\(|\bos\.|shutil|send_file|FileResponse|make_response|HttpResponse|HTMLResponse|Response|\.save\(|@\w+\.(?:route|get|post|put)\(/,
      ],
    ],
  },
  javascript,
  typescript: javascript,
  tsx: javascript,
  go: {
    alone: /exec"|crypto\/(?:md[45]|sha1|ripemd160|des|rc4|rsa)"|InsecureSkipVerify|html\/template|ServeFile/,
    together: [
      statements,
      [
        /FormValue|\.URL\b|\.Form\b|\.Body\b|\.Header\b|Vars\(|URLParam|\.(?:Query|Param|PostForm|DefaultQuery|GetHeader|QueryParam)\(/,
        /Fprint|WriteString|\bos\.|ioutil\./,
      ],
    ],
  },
  java: {
    alone:
      /getRuntime|ProcessBuilder|ScriptEngine|getEngineBy|GroovyShell|parseExpression|readObject|readUnshared|XStream|Yaml\b|MessageDigest|DigestUtils|Hashing|Cipher|KeyGenerator|SecretKeyFactory|[hH]ostnameVerifier/,
    together: [
      statements,
      [
        /getParameter|getHeader|getQueryString|getCookies|getInputStream|getReader|getRequestUR|getPathInfo|getPart|getTheParameter|@(?:RequestParam|PathVariable|RequestBody|RequestHeader|CookieValue|QueryParam|PathParam|FormParam|HeaderParam|CookieParam|ModelAttribute|MatrixVariable)/,
        /getWriter|PrintWriter|File|Paths|Path\.of/,
      ],
    ],
  },
};
