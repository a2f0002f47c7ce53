import assert from 'node:assert/strict';
import { createRecallInProcess } from '../../../index/recall/createRecallInProcess.js';
import { voteRanker } from '../../../index/recall/voteRanker.js';

describe('the words that recall knows', () => {
  const document = { uri: 'file:///b.ts', path: '/b.ts', languageId: 'typescript', version: 1, text: 'halfTyped();\n' };
  const recall = createRecallInProcess({
    ranker: voteRanker,
    files: new Map([['/a.ts', 'export function sendReminder() {}\n']]),
  });

  it('are those of the files on disk, whole', () => {
    assert.equal(recall.knows('sendReminder'), true);
    assert.equal(recall.knows('sendRemind'), false);
    assert.equal(recall.knows('sendReminders'), false);
    assert.equal(recall.knows(''), false);
  });

  it('are those of open documents as long as they stand there', () => {
    recall.open(document);
    assert.equal(recall.knows('halfTyped'), true);
    assert.equal(recall.knows('halfT'), false);
    recall.change({ ...document, version: 2, text: 'halfTypedName();\n' }, [{ start: 9, end: 9, text: 'Name' }]);
    assert.equal(recall.knows('halfTypedName'), true);
    assert.equal(recall.knows('halfTyped'), false);
    recall.close(document.uri);
    assert.equal(recall.knows('halfTypedName'), false);
  });

  it('go with the last file that had them', () => {
    recall.updateFile('/c.ts', 'const inTwoFiles = 1;');
    recall.updateFile('/d.ts', 'inTwoFiles();');
    recall.updateFile('/c.ts', null);
    assert.equal(recall.knows('inTwoFiles'), true);
    recall.updateFile('/d.ts', 'other();');
    assert.equal(recall.knows('inTwoFiles'), false);
  });
});
