import { checkRule } from './cases.js';

checkRule('security/weak-hash', {
  py: {
    found: [
      ['medium', 'import hashlib\ndef f(b):\n    return hashlib.md5(b).hexdigest()'],
      ['medium', 'from hashlib import sha1\ndef f(b):\n    return sha1(b).digest()'],
      ['medium', 'import hashlib\ndef f(b):\n    return hashlib.new("md5", b)'],
      ['high', 'import hashlib\ndef f(password):\n    return hashlib.sha1(password.encode())'],
      ['medium', 'import hashlib\ndef f(password, salt):\n    return hashlib.sha256(password + salt)'],
    ],
    clean: [
      'import hashlib\ndef f(b):\n    return hashlib.sha256(b).hexdigest()',
      'import hashlib\ndef f(b):\n    return hashlib.md5(b, usedforsecurity=False)',
      'import hashlib\ndef f(b):\n    etag = hashlib.md5(b).hexdigest()',
      'def f(md5, b):\n    return md5.update(b)',
    ],
  },
  ts: {
    found: [
      [
        'medium',
        'import { createHash } from "crypto";\nexport const f = x => createHash("md5").update(x).digest("hex");',
      ],
      [
        'high',
        'const crypto = require("crypto");\nfunction hashPassword(p) { return crypto.createHash("sha1").update(p).digest("hex"); }',
      ],
    ],
    clean: [
      'import { createHash } from "crypto";\nexport const f = x => createHash("sha256").update(x).digest("hex");',
      'import { createHash } from "crypto";\nconst checksum = createHash("md5").update(x).digest("hex");',
      'import { createHash } from "crypto";\nexport const f = (name, x) => createHash(name).update(x);',
    ],
  },
});

checkRule('security/weak-cipher', {
  py: {
    found: [
      ['high', 'from Crypto.Cipher import DES\nc = DES.new(k, DES.MODE_CBC)'],
      ['high', 'from Crypto.Cipher import *\nc = DES.new(k)'],
      ['high', 'from Crypto.PublicKey import RSA\nk = RSA.generate(1024)'],
      ['high', 'from Crypto.Cipher import AES\nc = AES.new(k, AES.MODE_ECB)'],
      ['high', 'from cryptography.hazmat.primitives.ciphers import modes\nm = modes.ECB()'],
    ],
    clean: [
      'from Crypto.Cipher import AES\nc = AES.new(k, AES.MODE_GCM)',
      'from Crypto.Cipher import AES\nfrom Crypto.PublicKey import RSA\nk = RSA.generate(2048)',
      'from cryptography.hazmat.primitives.ciphers import modes\nm = modes.GCM(iv)',
    ],
  },
  js: {
    found: [
      ['high', 'const crypto = require("crypto");\ncrypto.createCipher("aes-256-cbc", k);'],
      ['high', 'import { createCipheriv } from "node:crypto";\ncreateCipheriv("des-ede3-cbc", k, iv);'],
      ['high', 'import crypto from "crypto";\ncrypto.createCipheriv("aes-128-ecb", k, null);'],
    ],
    clean: [
      'import crypto from "crypto";\ncrypto.createCipheriv("aes-256-gcm", k, iv);',
      'import crypto from "crypto";\ncrypto.createCipheriv(name, k, iv);',
    ],
  },
});

checkRule('security/tls-check-off', {
  py: {
    found: [
      ['high', 'import requests\nrequests.get(u, verify=False)'],
      ['high', 'session.verify = False'],
      ['high', 'import ssl\nc = ssl._create_unverified_context()'],
      ['high', 'import ssl\nssl._create_default_https_context = ssl._create_unverified_context'],
      ['high', 'import ssl\nc.verify_mode = ssl.CERT_NONE'],
      ['high', 'c.check_hostname = False'],
      ['high', 'import ssl\ns = ssl.wrap_socket(t)'],
      ['medium', 'def f(c, verify):\n    if verify is False:\n        c.check_hostname = False'],
      ['medium', 'def f(c, o):\n    if o.insecure:\n        x = 1\n        c.check_hostname = False'],
      ['high', 'def f(c, verify):\n    if c is not None:\n        c.check_hostname = False'],
      ['high', 'def f(c, verify):\n    if verify:\n        return c\n    c.check_hostname = False'],
    ],
    clean: [
      'import requests\nrequests.get(u, verify=True)',
      'import requests\nrequests.get(u, verify=bundle)',
      'import requests\ndef f(verify):\n    requests.get(u, verify=verify)',
      'jwt.decode(t, verify=False)',
      'import ssl\nc = ssl.create_default_context()',
    ],
  },
  ts: {
    found: [
      ['high', 'const agent = new https.Agent({ rejectUnauthorized: false });'],
      ['high', 'process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";'],
      ['high', 'process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = 0;'],
      ['high', 'tls.connect({ checkServerIdentity: () => undefined });'],
    ],
    clean: [
      'const agent = new https.Agent({ rejectUnauthorized: true });',
      'const agent = new https.Agent({ rejectUnauthorized: !insecure });',
      'process.env.NODE_TLS_REJECT_UNAUTHORIZED = "1";',
      'tls.connect({ checkServerIdentity: (h, c) => check(h, c) });',
    ],
  },
});

checkRule('security/built-html', {
  ts: {
    found: [
      ['medium', 'function f(el, x) { el.innerHTML = "<b>" + x + "</b>"; }'],
      ['high', 'document.getElementById("a").innerHTML = location.hash;'],
      ['high', 'app.get("/", (req, res) => { res.send(`<h1>${req.query.name}</h1>`); });'],
      ['medium', 'function f(x) { document.write(`<p>${x}</p>`); }'],
    ],
    clean: [
      'function f(el, x) { el.textContent = x; }',
      'el.innerHTML = "<b>hello</b>";',
      'el.innerHTML = "";',
      'import DOMPurify from "dompurify";\nfunction f(el, x) { el.innerHTML = DOMPurify.sanitize(x); }',
      'function f(el, x) { el.innerHTML = `<b>${escapeHtml(x)}</b>`; }',
      'function f(el, n: number) { el.innerHTML = `<b>${n}</b>`; }',
      'app.get("/", (req, res) => { res.send({ name: req.query.name }); });',
      'app.get("/", (req, res) => { res.json(`<h1>${req.query.name}</h1>`); });',
      'function f(list) { list.append(`<p>`); }',
    ],
  },
  tsx: {
    found: [['medium', 'const A = ({ x }) => <div dangerouslySetInnerHTML={{ __html: `<b>${x}</b>` }} />;']],
    clean: [
      'const A = ({ x }) => <div>{x}</div>;',
      'const A = () => <div dangerouslySetInnerHTML={{ __html: "<b>a</b>" }} />;',
    ],
  },
  py: {
    found: [
      ['medium', 'from django.utils.safestring import mark_safe\ndef f(x):\n    return mark_safe("<b>" + x + "</b>")'],
      [
        'high',
        'from flask import request, make_response\ndef f():\n    """Shows the name in a page."""\n    name = request.args["n"]\n    return make_response("Hello " + name)',
      ],
      ['high', '@app.route("/<name>")\ndef f(name):\n    return f"<h1>{name}</h1>"'],
      [
        'high',
        'from flask import request, render_template_string\ndef f():\n    return render_template_string("<p>" + request.args["n"] + "</p>")',
      ],
    ],
    clean: [
      'from django.utils.safestring import mark_safe\nx = mark_safe("<b>a</b>")',
      '@app.route("/<name>")\ndef f(name):\n    return "Hello " + name',
      '@app.route("/<name>")\ndef f(name):\n    return render_template("a.html", name=name)',
      'from django.utils.html import escape\nfrom django.utils.safestring import mark_safe\ndef f(x):\n    return mark_safe("<b>" + escape(x) + "</b>")',
      'from flask import render_template_string\ndef f(x):\n    return render_template_string("<p>{{ x }}</p>", x=x)',
    ],
  },
});

checkRule('security/built-path', {
  py: {
    found: [
      ['high', 'from flask import request\ndef f():\n    return open("/data/" + request.args["name"]).read()'],
      [
        'high',
        'import os\nfrom flask import request, send_file\ndef f():\n    return send_file(os.path.join("d", request.args["n"]))',
      ],
      ['high', 'from flask import request\ndef f():\n    p = request.files["a"]\n    p.save("d/" + p.filename)'],
      ['medium', 'import tarfile\ndef f(p):\n    tarfile.open(p).extractall("d")'],
    ],
    clean: [
      'def f(p):\n    return open(p).read()',
      'from flask import request\nfrom werkzeug.utils import secure_filename\ndef f():\n    p = request.files["a"]\n    p.save("d/" + secure_filename(p.filename))',
      'import sys\nopen(sys.argv[1])',
      'import os\nfrom flask import request\ndef f():\n    return open("d/" + os.path.basename(request.args["n"]))',
      'import os\nfrom flask import request\ndef f():\n    p = os.path.realpath("d/" + request.args["n"])\n    if not p.startswith("d/"):\n        return None\n    return open(p)',
      'import tarfile\ndef f(p):\n    tarfile.open(p).extractall("d", filter="data")',
    ],
  },
  js: {
    found: [
      ['high', 'const fs = require("fs");\napp.get("/", (req, res) => { fs.readFileSync("d/" + req.query.n); });'],
      ['high', 'app.get("/", (req, res) => { res.sendFile(req.params.name); });'],
    ],
    clean: [
      'const fs = require("fs");\nfunction f(p) { return fs.readFileSync(p); }',
      'const fs = require("fs");\nfs.readFileSync(process.argv[2]);',
      'const fs = require("fs"), path = require("path");\napp.get("/", (req, res) => { fs.readFileSync("d/" + path.basename(req.query.n)); });',
      'app.get("/", (req, res) => { res.sendFile("index.html", { root: dir }); });',
    ],
  },
});
