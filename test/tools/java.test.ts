import { createJavacValidator } from '../../server/validate/java/createJavacValidator.js';
import { checkMissing, checkTool } from './toolCases.js';

const cart =
  'package shop;\n\nimport java.util.List;\n\npublic class Cart {\n  public List<String> items = List.of();\n  public int size() { return items.size(); }\n}\n';
const files = { 'src/main/java/shop/Cart.java': cart };

describe('javac', () => {
  checkTool({
    languageId: 'java',
    validator: () => createJavacValidator({ env: process.env }),
    cases: [
      {
        says: 'finds names, members, classes and packages that do not exist, in a text that is not on disk',
        files,
        judged: {
          'src/main/java/shop/Use.java':
            'package shop;\n\nimport java.utl.Map;\nimport java.util.Lisst;\n\nclass Use {\n  int use(Cart cart, int count) {\n    cart.items.gett(0);\n    cart.sise();\n    return cuont;\n  }\n}\n',
        },
        finds: [
          ['names/unknown-package', 'java.utl'],
          ['names/unknown-export', 'Lisst'],
          ['names/unknown-member', 'gett'],
          ['names/unknown-member', 'sise'],
          ['names/unknown-name', 'cuont'],
        ],
      },
      {
        says: 'finds nothing in code that is right, in a file that is new, with another that is changed',
        files,
        judged: {
          'src/main/java/shop/Cart.java': cart.replace('size()', 'count()'),
          'src/main/java/shop/Use.java':
            'package shop;\n\nclass Use {\n  int use(Cart cart) { return cart.count(); }\n}\n',
        },
        finds: [],
      },
      {
        says: 'does not know where a dependency of the build is missing',
        files: {
          ...files,
          'pom.xml':
            '<project><groupId>shop</groupId><dependencies><dependency><groupId>made.up</groupId><artifactId>thing</artifactId><version>1</version></dependency></dependencies></project>',
        },
        judged: {
          'src/main/java/shop/Use.java': 'package shop;\n\nimport made.up.Thing;\n\nclass Use { Thing thing; }\n',
        },
        finds: [],
        isUnknown: true,
      },
      {
        says: 'does not know where what keeps it from going on stands in another file',
        files: { ...files, 'src/main/java/module-info.java': 'module shop {\n  requires made.up;\n}\n' },
        judged: { 'src/main/java/shop/Use.java': 'package shop;\n\nclass Use { int a = nothing; }\n' },
        finds: [],
        isUnknown: true,
      },
      {
        says: 'does not run processors of annotations, and does not know then',
        files: { ...files, 'build.gradle': "dependencies { annotationProcessor 'a:b:1' }\n" },
        judged: { 'src/main/java/shop/Use.java': 'package shop;\n\nclass Use { int a = new Cart().getItems(); }\n' },
        finds: [],
        isUnknown: true,
      },
    ],
  });
  checkMissing('java', 'Use.java', 'javac', createJavacValidator({ env: { PATH: '' } }));
});
