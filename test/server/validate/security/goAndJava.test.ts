import { checkRule } from './cases.js';

const go = (body: string, ...imports: string[]): string =>
  `package a\n\nimport (\n${imports.map(name => `\t"${name}"`).join('\n')}\n)\n\n${body}\n`;
const java = (body: string, ...imports: string[]): string =>
  `${imports.map(name => `import ${name};\n`).join('')}class A {\n  ${body}\n}\n`;

checkRule('security/built-sql', {
  go: {
    found: [
      ['high', go('func f(db *sql.DB, id string) { db.Query("SELECT * FROM t WHERE id = " + id) }', 'database/sql')],
      [
        'high',
        go(
          'func f(db *sql.DB, id string) { db.Exec(fmt.Sprintf("DELETE FROM t WHERE id = \'%s\'", id)) }',
          'fmt',
          'database/sql',
        ),
      ],
      [
        'high',
        go('func f(ctx C, db D, id string) { q := "SELECT * FROM t WHERE id = " + id; db.QueryContext(ctx, q) }'),
      ],
      [
        'critical',
        go(
          'func f(w http.ResponseWriter, r *http.Request) { db.Query("SELECT * FROM t WHERE id = " + r.FormValue("id")) }',
          'net/http',
        ),
      ],
      ['medium', go('func f(db D, t string) { db.Query("SELECT * FROM " + t) }')],
    ],
    clean: [
      go('func f(db *sql.DB, id string) { db.Query("SELECT * FROM t WHERE id = ?", id) }', 'database/sql'),
      go('func f(db D, id int) { db.Query(fmt.Sprintf("SELECT * FROM t WHERE id = %d", id)) }', 'fmt'),
      go('const table = "t"\nfunc f(db D) { db.Query("SELECT * FROM " + table) }'),
      go(
        'func f(db D, s string) { id, err := strconv.Atoi(s); if err != nil { return }; db.Query(fmt.Sprintf("SELECT * FROM t WHERE id = %v", id)) }',
        'fmt',
        'strconv',
      ),
      go('func f(q Q, s string) { q.Query("select one of " + s) }'),
    ],
  },
  java: {
    found: [
      ['high', java('void f(Statement st, String id) { st.executeQuery("SELECT * FROM t WHERE id = " + id); }')],
      [
        'high',
        java(
          'void f(Connection c, String id) { String q = "SELECT * FROM t WHERE id = \'" + id + "\'"; c.createStatement().execute(q); }',
        ),
      ],
      [
        'high',
        java('void f(Statement st, String id) { st.executeUpdate(String.format("DELETE FROM t WHERE id = %s", id)); }'),
      ],
      [
        'critical',
        java(
          'void f(HttpServletRequest request, Statement st) { st.executeQuery("SELECT * FROM t WHERE id = " + request.getParameter("id")); }',
        ),
      ],
      [
        'critical',
        java(
          '@GetMapping("/") void f(@RequestParam String id) { jdbc.queryForList("SELECT * FROM t WHERE id = " + id); }',
        ),
      ],
    ],
    clean: [
      java(
        'void f(Connection c, String id) { PreparedStatement p = c.prepareStatement("SELECT * FROM t WHERE id = ?"); p.setString(1, id); p.executeQuery(); }',
      ),
      java('void f(Statement st, int id) { st.executeQuery("SELECT * FROM t WHERE id = " + id); }'),
      java('static final String T = "t"; void f(Statement st) { st.executeQuery("SELECT * FROM " + T); }'),
      java(
        'void f(Statement st, String id) { st.executeQuery("SELECT * FROM t WHERE id = " + Integer.parseInt(id)); }',
      ),
    ],
  },
});

checkRule('security/shell-of-built-string', {
  go: {
    found: [
      ['high', go('func f(n string) { exec.Command("sh", "-c", "ls "+n).Run() }', 'os/exec')],
      [
        'critical',
        go(
          'func f(w W, r *http.Request) { exec.Command("bash", "-c", "ping "+r.URL.Query().Get("h")).Run() }',
          'os/exec',
          'net/http',
        ),
      ],
    ],
    clean: [
      go('func f(n string) { exec.Command("ls", n).Run() }', 'os/exec'),
      go('func f() { exec.Command("sh", "-c", "ls -l").Run() }', 'os/exec'),
    ],
  },
  java: {
    found: [
      ['high', java('void f(String n) { Runtime.getRuntime().exec("ls " + n); }')],
      ['high', java('void f(String n) { Runtime.getRuntime().exec(new String[]{"sh", "-c", "ls " + n}); }')],
      ['high', java('void f(String n) { new ProcessBuilder("sh", "-c", "ls " + n).start(); }')],
    ],
    clean: [
      java('void f(String n) { Runtime.getRuntime().exec(new String[]{"ls", n}); }'),
      java('void f() { Runtime.getRuntime().exec("ls -l"); }'),
      java('void f(String n) { new ProcessBuilder("ls", n).start(); }'),
    ],
  },
});

checkRule('security/tls-check-off', {
  go: {
    found: [
      ['high', go('var c = &tls.Config{InsecureSkipVerify: true}', 'crypto/tls')],
      ['high', go('func f(c *tls.Config) { c.InsecureSkipVerify = true }', 'crypto/tls')],
    ],
    clean: [
      go('var c = &tls.Config{InsecureSkipVerify: false}', 'crypto/tls'),
      go('var c = &tls.Config{InsecureSkipVerify: !true}', 'crypto/tls'),
      go('func f(on bool) { _ = &tls.Config{InsecureSkipVerify: on} }', 'crypto/tls'),
    ],
  },
  java: {
    found: [
      ['high', java('void f(HttpsURLConnection c) { c.setHostnameVerifier((h, s) -> true); }')],
      ['high', java('void f(Builder b) { b.setSSLHostnameVerifier(NoopHostnameVerifier.INSTANCE); }')],
    ],
    clean: [java('void f(HttpsURLConnection c) { c.setHostnameVerifier((h, s) -> h.equals("a")); }')],
  },
});

checkRule('security/weak-hash', {
  go: {
    found: [
      ['medium', go('func f(b []byte) { md5.Sum(b) }', 'crypto/md5')],
      ['high', go('func hash(password string) { sha1.Sum([]byte(password)) }', 'crypto/sha1')],
    ],
    clean: [
      go('func f(b []byte) { sha256.Sum256(b) }', 'crypto/sha256'),
      go('func f(b []byte) { etag := md5.Sum(b); _ = etag }', 'crypto/md5'),
    ],
  },
  java: {
    found: [
      ['medium', java('void f() { MessageDigest.getInstance("MD5"); }', 'java.security.MessageDigest')],
      ['medium', java('void f() { MessageDigest.getInstance("SHA-1"); }', 'java.security.MessageDigest')],
    ],
    clean: [
      java('void f() { MessageDigest.getInstance("SHA-256"); }', 'java.security.MessageDigest'),
      java('void f(String name) { MessageDigest.getInstance(name); }', 'java.security.MessageDigest'),
    ],
  },
});

checkRule('security/weak-cipher', {
  go: {
    found: [
      ['high', go('func f(k []byte) { des.NewCipher(k) }', 'crypto/des')],
      ['high', go('func f(k []byte) { rc4.NewCipher(k) }', 'crypto/rc4')],
    ],
    clean: [go('func f(k []byte) { aes.NewCipher(k) }', 'crypto/aes')],
  },
  java: {
    found: [
      ['high', java('void f() { Cipher.getInstance("DES/CBC/PKCS5Padding"); }', 'javax.crypto.Cipher')],
      ['high', java('void f() { Cipher.getInstance("AES"); }', 'javax.crypto.Cipher')],
      ['high', java('void f() { Cipher.getInstance("AES/ECB/PKCS5Padding"); }', 'javax.crypto.Cipher')],
    ],
    clean: [
      java('void f() { Cipher.getInstance("AES/GCM/NoPadding"); }', 'javax.crypto.Cipher'),
      java('void f() { Cipher.getInstance("RSA/ECB/OAEPWithSHA-256AndMGF1Padding"); }', 'javax.crypto.Cipher'),
    ],
  },
});

checkRule('security/unsafe-deserialisation', {
  java: {
    found: [
      [
        'high',
        java(
          'Object f(InputStream in) { return new ObjectInputStream(in).readObject(); }',
          'java.io.ObjectInputStream',
        ),
      ],
      [
        'high',
        java('Object f(InputStream in) { ObjectInputStream o = new ObjectInputStream(in); return o.readObject(); }'),
      ],
    ],
    clean: [
      java(
        'Object f(InputStream in) { ObjectInputStream o = new ObjectInputStream(in); o.setObjectInputFilter(g); return o.readObject(); }',
      ),
      java('Object f(Reader r) { return r.readObject(); }'),
    ],
  },
});

checkRule('security/built-path', {
  go: {
    found: [['high', go('func f(w W, r *http.Request) { os.Open("d/" + r.URL.Query().Get("n")) }', 'os', 'net/http')]],
    clean: [
      go('func f(p string) { os.Open(p) }', 'os'),
      go(
        'func f(w W, r *http.Request) { os.Open("d/" + filepath.Base(r.FormValue("n"))) }',
        'os',
        'net/http',
        'path/filepath',
      ),
    ],
  },
  java: {
    found: [['high', java('void f(HttpServletRequest request) { new File("d/" + request.getParameter("n")); }')]],
    clean: [java('void f(String p) { new File(p); }')],
  },
});

checkRule('security/built-html', {
  go: {
    found: [
      [
        'high',
        go(
          'func f(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, "<h1>%s</h1>", r.FormValue("n")) }',
          'fmt',
          'net/http',
        ),
      ],
    ],
    clean: [
      go(
        'func f(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, "<h1>%s</h1>", html.EscapeString(r.FormValue("n"))) }',
        'fmt',
        'net/http',
        'html',
      ),
      go('func f(w W, n string) { fmt.Fprintf(w, "<h1>%s</h1>", n) }', 'fmt'),
    ],
  },
  java: {
    found: [
      [
        'high',
        java(
          'void f(HttpServletRequest request, HttpServletResponse response) { response.getWriter().println("<h1>" + request.getParameter("n") + "</h1>"); }',
        ),
      ],
    ],
    clean: [
      java('void f(HttpServletResponse response, String n) { response.getWriter().println("<h1>" + n + "</h1>"); }'),
    ],
  },
});
