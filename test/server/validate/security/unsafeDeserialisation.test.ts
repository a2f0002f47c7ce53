import { checkRule } from './cases.js';

checkRule('security/unsafe-deserialisation', {
  py: {
    found: [
      ['high', 'import pickle\ndef f(b):\n    return pickle.loads(b)'],
      ['medium', 'import pickle\ndef f(p):\n    return pickle.load(open(p, "rb"))'],
      ['critical', 'import pickle\nfrom flask import request\ndef f():\n    return pickle.loads(request.data)'],
      ['high', 'import yaml\ndef f(s):\n    return yaml.load(s)'],
      ['high', 'import yaml\ndef f(s):\n    return yaml.load(s, Loader=yaml.UnsafeLoader)'],
      ['medium', 'import yaml\ndef f(s):\n    return yaml.load(s, yaml.FullLoader)'],
      ['medium', 'import torch\ndef f(p):\n    return torch.load(p, weights_only=False)'],
    ],
    clean: [
      'import yaml\ndef f(s):\n    return yaml.safe_load(s)',
      'import yaml\ndef f(s):\n    return yaml.load(s, Loader=yaml.SafeLoader)',
      'import yaml\nfrom yaml import CSafeLoader as L\ndef f(s):\n    return yaml.load(s, L)',
      'import yaml\nyaml.load("a: 1")',
      'import json\ndef f(b):\n    return json.loads(b)',
      'import pickle\ndef f(b):\n    return pickle.dumps(b)',
      'import pickle\ndef f(b):\n    return pickle.loads(pickle.dumps(b))',
    ],
  },
  js: {
    found: [
      ['high', 'const s = require("node-serialize");\nfunction f(x) { return s.unserialize(x); }'],
      ['critical', 'import s from "node-serialize";\napp.post("/", (req, res) => { s.unserialize(req.body.x); });'],
    ],
    clean: [
      'function f(x) { return JSON.parse(x); }',
      'const s = require("node-serialize");\nfunction f(x) { return s.serialize(x); }',
      'import yaml from "js-yaml";\nfunction f(x) { return yaml.load(x); }',
    ],
  },
});
