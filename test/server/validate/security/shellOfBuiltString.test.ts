import { checkRule } from './cases.js';

checkRule('security/shell-of-built-string', {
  py: {
    found: [
      ['high', 'import os\ndef f(n):\n    os.system("ls " + n)'],
      ['high', 'from subprocess import run as go\ndef f(n):\n    go(f"ls {n}", shell=True)'],
      ['high', 'import subprocess\ndef f(n):\n    subprocess.check_output("ls %s" % n, shell=True)'],
      ['high', 'import subprocess\ndef f(n):\n    cmd = "ls {}".format(n)\n    subprocess.Popen(cmd, shell=True)'],
      ['high', 'import subprocess\ndef f(n):\n    subprocess.run(["sh", "-c", "ls " + n])'],
      ['medium', 'import os\ndef f(cmd):\n    os.system(cmd)'],
      ['critical', 'import os\nfrom flask import request\ndef f():\n    os.popen("ping " + request.args.get("h"))'],
    ],
    clean: [
      'import os\nos.system("ls -l")',
      'import subprocess\ndef f(n):\n    subprocess.run(["ls", n])',
      'import subprocess\ndef f(n):\n    subprocess.run(["ls", n], shell=False)',
      'import os, shlex\ndef f(n):\n    os.system("ls " + shlex.quote(n))',
      'import os\nFLAGS = "-l"\ndef f():\n    os.system("ls " + FLAGS)',
      'import os\ndef f(n: int):\n    os.system(f"kill {n}")',
      'import os\ndef f(n):\n    n = int(n)\n    os.system("kill " + str(n))',
      'import os\nfor n in ["a", "b"]:\n    os.system("echo " + n)',
    ],
  },
  ts: {
    found: [
      ['high', 'import { exec } from "child_process";\nfunction f(n: string) { exec("ls " + n); }'],
      ['high', 'const cp = require("node:child_process");\nfunction f(n) { cp.execSync(`ls ${n}`); }'],
      [
        'high',
        'import { promisify } from "util";\nimport { exec } from "child_process";\nconst run = promisify(exec);\nasync function f(n) { await run(`ls ${n}`); }',
      ],
      ['high', 'import { spawn } from "child_process";\nfunction f(n) { spawn("ls " + n, { shell: true }); }'],
      ['high', 'import { spawn } from "child_process";\nfunction f(n) { spawn("sh", ["-c", `ls ${n}`]); }'],
      ['medium', 'import { exec } from "child_process";\nfunction f(cmd) { exec(cmd); }'],
      [
        'critical',
        'import { exec } from "child_process";\napp.get("/", (req, res) => { exec("ping " + req.query.h); });',
      ],
    ],
    clean: [
      'import { exec } from "child_process";\nexec("ls -l");',
      'import { execFile } from "child_process";\nfunction f(n) { execFile("ls", [n]); }',
      'import { spawn } from "child_process";\nfunction f(n) { spawn("ls", [n], { shell: false }); }',
      'function f(re: RegExp, n) { re.exec("ls " + n); }',
      'import { exec } from "child_process";\nfunction f(n: number) { exec(`kill ${n}`); }',
      'import { exec } from "child_process";\nconst n = "a"; exec(`ls ${n}`);',
      'import { exec } from "child_process";\n["a", "b"].forEach(n => exec(`ls ${n}`));',
    ],
  },
});
