import { checkRule } from './cases.js';

checkRule('security/built-sql', {
  py: {
    found: [
      ['high', 'def f(c, i):\n    c.execute("SELECT * FROM t WHERE id = " + i)'],
      ['high', 'def f(c, i):\n    c.execute(f"SELECT * FROM t WHERE id = \'{i}\'")'],
      ['high', 'def f(c, i):\n    c.execute("DELETE FROM t WHERE id = %s" % i)'],
      ['high', 'def f(c, i):\n    c.execute("UPDATE t SET a = 1 WHERE id = {}".format(i))'],
      [
        'high',
        'def f(c, i):\n    sql = "SELECT * FROM t"\n    if i:\n        sql += " WHERE id = " + i\n    c.execute(sql)',
      ],
      ['high', 'def f(c, i):\n    sql = "SELECT * FROM t WHERE id = "\n    sql += i\n    c.execute(sql)'],
      ['high', 'def f(c, a):\n    c.execute(f"INSERT INTO t (a) VALUES (\'{a}\')")'],
      ['medium', 'def f(c, t):\n    c.execute(f"SELECT * FROM {t}")'],
      ['medium', 'def f(c, t):\n    c.execute(f"DROP TABLE {t}")'],
      ['critical', 'def f(request, c):\n    c.execute("SELECT * FROM t ORDER BY " + request.GET["o"])'],
    ],
    clean: [
      'def f(c, i):\n    c.execute("SELECT * FROM t WHERE id = %s", (i,))',
      'def f(c, ids):\n    q = ",".join(["?"] * len(ids))\n    c.execute(f"SELECT * FROM t WHERE id IN ({q})", ids)',
      'def f(c, ids):\n    q = ", ".join("?" for _ in ids)\n    c.execute("SELECT * FROM t WHERE id IN (" + q + ")", ids)',
      'TABLE = "t"\ndef f(c, i):\n    c.execute(f"SELECT * FROM {TABLE} WHERE id = ?", (i,))',
      'from .names import TABLE\ndef f(c):\n    c.execute(f"SELECT * FROM {TABLE}")',
      'def f(c, i: int):\n    c.execute(f"SELECT * FROM t WHERE id = {i}")',
      'def f(c, i):\n    c.execute("SELECT * FROM t WHERE id = %d" % i)',
      'def f(c, o):\n    if o not in ("a", "b"):\n        o = "a"\n    c.execute(f"SELECT * FROM t ORDER BY {o}")',
      'ORDERS = {"a": "x ASC", "b": "y DESC"}\ndef f(c, o):\n    c.execute("SELECT * FROM t ORDER BY " + ORDERS[o])',
      'def f(c, i, s):\n    sql = "SELECT * FROM t WHERE 1 = 1"\n    if i:\n        sql += " AND id = ?"\n    c.execute(sql, [i])',
      'def f(c, a):\n    where = []\n    if a:\n        where.append("a = ?")\n    c.execute("SELECT * FROM t WHERE " + " AND ".join(where), [a])',
      'def f(pool, x):\n    pool.execute("select an option: " + x)',
      'def f(c, sql):\n    c.execute(sql)',
      'def f(x):\n    print(f"SELECT * FROM t WHERE id = {x}")',
    ],
  },
  ts: {
    found: [
      ['high', 'function f(db, i: string) { return db.query("SELECT * FROM t WHERE id = " + i); }'],
      ['high', "async function f(db, i) { await db.query(`SELECT * FROM t WHERE id = '${i}'`); }"],
      ['high', 'function f(db, i) { const q = `DELETE FROM t WHERE id = ${i}`; db.run(q); }'],
      ['high', 'function f(p, i) { return p.$queryRawUnsafe(`SELECT * FROM t WHERE id = ${i}`); }'],
      ['medium', 'function f(db, t) { return db.query(`SELECT * FROM ${t}`); }'],
      ['critical', 'app.get("/", (req, res) => { db.query("SELECT * FROM t WHERE id = " + req.params.id); });'],
      [
        'critical',
        'app.get("/", (req, res) => { const { id } = req.query; db.all(`SELECT * FROM t WHERE id = ${id}`); });',
      ],
    ],
    clean: [
      'function f(db, i) { return db.query("SELECT * FROM t WHERE id = $1", [i]); }',
      'function f(p, i) { return p.$queryRaw`SELECT * FROM t WHERE id = ${i}`; }',
      'function f(db, i) { return db.query(sql`SELECT * FROM t WHERE id = ${i}`); }',
      'function f(db, ids) { const q = ids.map(() => "?").join(","); return db.query(`SELECT * FROM t WHERE id IN (${q})`, ids); }',
      'function f(db, ids) { const q = ids.map((_, i) => `$${i + 1}`).join(","); return db.query(`SELECT * FROM t WHERE id IN (${q})`, ids); }',
      'function f(db, i: number) { return db.query(`SELECT * FROM t WHERE id = ${i}`); }',
      'function f(db, i) { return db.query(`SELECT * FROM t WHERE id = ${db.escape(i)}`); }',
      'const table = "t"; db.query(`SELECT * FROM ${table}`);',
      'function f(db, d: "ASC" | "DESC") { return db.query(`SELECT * FROM t ORDER BY a ${d}`); }',
      'function f(db, d) { return db.query(`SELECT * FROM t ORDER BY a ${d ? "ASC" : "DESC"}`); }',
      'function f(menu, x) { menu.get(`select ${x} from the list`); }',
    ],
  },
});
