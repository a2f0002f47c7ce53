import { checkRule } from './cases.js';

checkRule('security/eval-of-built-string', {
  py: {
    found: [
      ['high', 'def f(x):\n    return eval(x)'],
      ['high', 'def f(x):\n    exec("y = " + x)'],
      ['high', 'def f(x):\n    exec(f"y = {x}", {})'],
      ['high', 'eval(input())'],
      ['critical', 'from flask import request\ndef f():\n    return eval(request.args["q"])'],
      ['critical', '@app.route("/<q>")\ndef f(q):\n    return str(eval(q))'],
      ['medium', 'def f(code, names):\n    exec(code, names)'],
      ['medium', 'eval(open("a").read())'],
    ],
    clean: [
      'eval("1 + 1")',
      'code = "1 + " + "1"\neval(code)',
      'from ast import literal_eval\ndef f(x):\n    return literal_eval(x)',
      'def f(model):\n    model.eval(model.x)',
      'def f(n: int):\n    return eval(f"x{n}")',
      'def f(op):\n    if op not in ("+", "-"):\n        raise ValueError\n    return eval(f"1 {op} 2")',
      'for name in ("a", "b"):\n    exec(f"import {name}")',
      '# eval(x)\ns = "eval(x)"',
    ],
  },
  ts: {
    found: [
      ['high', 'function f(x: string) { return eval(x); }'],
      ['high', 'export const f = (x: string) => new Function("a", `return ${x}`);'],
      ['high', 'function f(x) { setTimeout("run(" + x + ")", 10); }'],
      ['critical', 'app.get("/", (req, res) => { res.json(eval(req.query.q)); });'],
      ['high', 'import vm from "node:vm";\nfunction f(x) { vm.runInNewContext("a = " + x); }'],
      ['high', 'const { runInThisContext } = require("vm");\nfunction f(x) { runInThisContext(`a = ${x}`); }'],
    ],
    clean: [
      'eval("1 + 1");',
      'new Function("return this")();',
      'setTimeout(() => run(x), 10);',
      'setTimeout("run()", 10);',
      'function f(g) { setTimeout(g, 10); }',
      'const a = "x"; const b = "y"; eval(a + b);',
      'function f(n: number) { eval(`x${n}`); }',
      'function f(n) { if (!/^[a-z]+$/.test(n)) return; eval("x" + n); }',
      'redis.eval(script, 1);',
      'const f: Function = g;',
    ],
  },
});
