import assert from 'node:assert/strict';
import { holdsSecret, isSecretShaped } from '../../../index/recall/secretShape.js';

describe('what a secret looks like', () => {
  for (const secret of [
    'AKIAIOSFODNN7EXAMPLE',
    'ghp_16C7e42F292c6912E7710c838347Ae178B4a',
    '3b18e512dba79e4c8300dd08aeb37f8e728b8dad',
    'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9',
    'q9Zt4Lw8Xk2Pv7Rm5Ns1',
  ]) {
    it(`like ${secret.slice(0, 6)}…`, () => {
      assert.ok(isSecretShaped(secret));
      assert.ok(holdsSecret(`key = "${secret}"`));
    });
  }

  for (const name of [
    'getUserByIdAndOrganisation',
    'test_converts_utf8_to_latin1_and_back',
    'convertRgb24ToYuv420Frame',
    'INTERNAL_SERVER_ERROR_500',
    'components/Button2/Icon3/index4',
    'assertThatExceptionIsThrown',
  ]) {
    it(`not like ${name}`, () => {
      assert.ok(!isSecretShaped(name));
      assert.ok(!holdsSecret(`call ${name}(1)`));
    });
  }

  it('like the edge of a key file', () => assert.ok(holdsSecret('-----BEGIN PRIVATE KEY-----')));
  it('like base64 with its marks', () => assert.ok(holdsSecret('"wJalrXUtnFEMI/K7MDENG/bPxRfiCY7x9Q2z3E+4k1A="')));
});
