import { createGoVetValidator } from '../../server/validate/go/createGoVetValidator.js';
import { checkMissing, checkTool } from './toolCases.js';

const files = {
  'go.mod': 'module example.com/shop\n\ngo 1.22\n',
  'cart.go':
    'package shop\n\ntype Cart struct{ Items []string }\n\nfunc (c *Cart) Size() int { return len(c.Items) }\n',
  'use.go': 'package shop\n',
};

describe('go', () => {
  checkTool({
    languageId: 'go',
    validator: () => createGoVetValidator({ env: process.env }),
    cases: [
      {
        says: 'finds names, members, exports and packages that do not exist, in a text that is not on disk',
        files,
        judged: {
          'use.go':
            'package shop\n\nimport "strings"\n\nfunc use(c *Cart) int {\n\t_ = strings.Uper("ä") + c.Itmes[0]\n\treturn c.Size() + cuont\n}\n',
        },
        finds: [
          ['names/unknown-export', 'Uper'],
          ['names/unknown-member', 'Itmes'],
          ['names/unknown-name', 'cuont'],
        ],
      },
      {
        says: 'finds nothing in code that is right, in a file that is new, with another that is changed',
        files,
        judged: {
          'new.go': 'package shop\n\nfunc fresh(c *Cart) string { return c.First() }\n',
          'use.go': 'package shop\n\nfunc (c *Cart) First() string { return c.Items[0] }\n',
        },
        finds: [],
      },
      {
        says: 'finds an import that nothing provides',
        files,
        judged: { 'use.go': 'package shop\n\nimport "github.com/made/up"\n\nvar _ = up.Any\n' },
        finds: [['names/unknown-package', '"github.com/made/up"']],
      },
      {
        says: 'finds what a test gets wrong',
        files,
        judged: {
          'cart_test.go': 'package shop\n\nimport "testing"\n\nfunc TestSize(t *testing.T) { t.Fial() }\n',
        },
        finds: [['names/unknown-member', 'Fial']],
      },
      {
        says: 'passes on what go vet says',
        files,
        judged: { 'use.go': 'package shop\n\nimport "fmt"\n\nfunc use() { fmt.Printf("%d\\n", "a") }\n' },
        finds: [['go-vet/printf', '%d']],
      },
      {
        says: 'does not know without a module',
        files: {},
        judged: { 'use.go': 'package shop\n\nvar _ = nothing\n' },
        finds: [],
        isUnknown: true,
      },
    ],
  });
  checkMissing('go', 'use.go', 'go', createGoVetValidator({ env: { PATH: '' } }));
});
