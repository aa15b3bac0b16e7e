import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  add,
  canonicalize,
  compare,
  formatQuantity,
  fromMilli,
  milliValue,
  parseQuantity,
  quantity,
  QUANTITY_FORMAT_ERROR,
  QUANTITY_SUFFIX_ERROR,
  roundUpToMilli,
  sub,
  value,
} from '../../../src/apimachinery/quantity/quantity.ts';

describe('quantity', () => {
  const canonical: readonly (readonly [string, string])[] = [
    ['0.5', '500m'],
    ['1000m', '1'],
    ['1024Mi', '1Gi'],
    ['1.5Ki', '1536'],
    ['1.5Gi', '1536Mi'],
    ['.5Gi', '512Mi'],
    ['1e3', '1e3'],
    ['1000', '1k'],
    ['0', '0'],
    ['-0', '0'],
    ['+2', '+2'],
    ['0.0000000001', '1n'],
    ['512Ki', '512Ki'],
    ['0.5Ki', '512'],
    ['9999999999999999999Ei', '9223372036854775807'],
    ['-1.5', '-1500m'],
  ];
  for (const [text, expected] of canonical) it(`writes ${text} as ${expected}`, () => assert.equal(canonicalize(text), expected));

  const wrong: readonly (readonly [string, string])[] = [
    ['', QUANTITY_FORMAT_ERROR],
    ['1GB', QUANTITY_FORMAT_ERROR],
    ['1 Gi', QUANTITY_FORMAT_ERROR],
    ['1.5.2', QUANTITY_FORMAT_ERROR],
    ['true', QUANTITY_FORMAT_ERROR],
    ['1Gii', QUANTITY_SUFFIX_ERROR],
    ['1gi', QUANTITY_FORMAT_ERROR],
  ];
  for (const [text, error] of wrong) it(`refuses '${text}'`, () => assert.deepEqual(parseQuantity(text), { error }));

  it('rounds values and thousandths up', () => {
    assert.equal(value('1500m'), 2);
    assert.equal(value('1Gi'), 1_073_741_824);
    assert.equal(milliValue('1.5'), 1500);
    assert.equal(milliValue('1n'), 1);
    assert.equal(milliValue(undefined), 0);
    assert.equal(formatQuantity(roundUpToMilli(quantity('1n'))), '1m');
  });

  it('adds and subtracts in the family of the left side', () => {
    assert.equal(formatQuantity(add(quantity('1Gi'), quantity('512Mi'))), '1536Mi');
    assert.equal(formatQuantity(sub(quantity('2'), quantity('500m'))), '1500m');
    assert.ok(compare(quantity('1Gi'), quantity('1G')) > 0);
  });

  it('gives back an equal amount for its canonical text', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.constantFrom('DecimalSI', 'BinarySI', 'DecimalExponent'), (milli, format) => {
        const amount = fromMilli(milli, format);
        assert.equal(compare(quantity(formatQuantity(amount)), amount), 0);
      }),
    );
  });
});
