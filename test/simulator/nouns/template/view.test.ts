import { describe, expect, test } from 'vitest';
import { Refusal } from '../../../../src/simulator/server/refusal.ts';
import { fillTemplate, placeholdersOf, readTarget } from '../../../../src/simulator/nouns/template/view.ts';

/** The errcode and words, or the lines. */
function filled(content: string, data: unknown, isComplete = true): unknown {
  try {
    return fillTemplate(content, data, { isComplete });
  } catch (error) {
    if (error instanceof Refusal) return `${error.errcode} ${error.words ?? ''}`.trimEnd();
    throw error;
  }
}

describe('placeholdersOf()', () => {
  test('gives each value the words before it, without their colon', () => {
    expect(
      placeholdersOf('{{first.DATA}}\n商品：{{thing1.DATA}}\nTime: {{ time2.DATA }}\n{{remark.DATA}}'),
    ).toEqual([
      { label: '', keyword: 'first' },
      { label: '商品', keyword: 'thing1' },
      { label: 'Time', keyword: 'time2' },
      { label: '', keyword: 'remark' },
    ]);
  });

  test('finds nothing in a text without values', () => {
    expect(placeholdersOf('hello {{first}}')).toEqual([]);
  });
});

describe('fillTemplate()', () => {
  test('makes lines with label, value and colour', () => {
    expect(filled('商品：{{thing1.DATA}}', { thing1: { value: '巧克力', color: '#173177' } })).toEqual([
      { label: '商品', value: '巧克力', color: '#173177' },
    ]);
    expect(filled('{{thing1.DATA}}', { thing1: { value: 'a', color: 'red' } })).toEqual([
      { label: '', value: 'a', color: null },
    ]);
  });

  test.each<[string, string, string]>([
    ['thing1', '汉'.repeat(20), '汉'.repeat(21)],
    ['character_string1', 'a'.repeat(32), 'a'.repeat(33)],
    ['character_string1', 'a-1', '汉'],
    ['number1', '12.5', '12a'],
    ['letter1', 'a'.repeat(32), 'a1'],
    ['phrase1', '汉汉汉汉汉', '汉汉汉汉汉汉'],
    ['name1', '汉'.repeat(10), '汉'.repeat(11)],
    ['name1', 'a'.repeat(20), 'a'.repeat(21)],
    ['amount1', '39.8元', '元'],
    ['amount1', '￥1,000.00', '1.000'],
    ['phone_number1', '+86-0766-66888866', '+86-0766-668888661'],
    ['car_number1', '粤A8Z888挂', '粤A8Z888挂挂挂'],
    ['date1', '2019年10月1日', '10:00'],
    ['time1', '15:01', 'soon'],
    ['time1', '2019年8月8日', 'tomorrow'],
    ['symbol1', '&&', 'ab'],
  ])('takes what the kind of %s allows (%s) and refuses more (%s)', (keyword, good, bad) => {
    const content = `{{${keyword}.DATA}}`;
    expect(filled(content, { [keyword]: { value: good } })).toEqual([
      { label: '', value: good, color: null },
    ]);
    expect(filled(content, { [keyword]: { value: bad } })).toBe(
      `47003 argument invalid! data.${keyword}.value invalid`,
    );
  });

  test.each([undefined, {}, { value: '' }, { value: ' ' }, { value: null }, { value: ['a'] }])(
    'refuses %j for a value that has to be there, and names it',
    (entry) => {
      expect(filled('{{thing1.DATA}}', { thing1: entry }, false)).toBe(
        '47003 argument invalid! data.thing1.value invalid',
      );
    },
  );

  test('leaves a missing keyword empty in older templates only', () => {
    expect(filled('{{keyword1.DATA}}', {}, false)).toEqual([{ label: '', value: '', color: null }]);
    expect(filled('{{keyword1.DATA}}', {}, true)).toBe('47003 argument invalid! data.keyword1.value invalid');
  });

  test('takes a number for its digits, and never an inherited property', () => {
    expect(filled('{{number1.DATA}}', { number1: { value: 5 } })).toEqual([
      { label: '', value: '5', color: null },
    ]);
    expect(filled('{{constructor.DATA}}', {}, false)).toEqual([{ label: '', value: '', color: null }]);
  });

  test('takes only the values that are to choose from', () => {
    const fill = (value: string) => () =>
      fillTemplate(
        '{{enum_string2.DATA}}',
        { enum_string2: { value } },
        {
          isComplete: true,
          choices: { enum_string2: ['客厅'] },
        },
      );
    expect(fill('客厅')()).toEqual([{ label: '', value: '客厅', color: null }]);
    expect(fill('花园')).toThrow('argument invalid! data.enum_string2.value invalid');
  });

  test.each([undefined, null, 'text', ['list']])('refuses %j as data with 47001', (data) => {
    expect(filled('{{thing1.DATA}}', data)).toBe('47001');
  });
});

describe('readTarget()', () => {
  test('takes an address, a mini program, both or nothing', () => {
    expect(readTarget({}, 'url')).toEqual({ url: null, miniprogram: null });
    expect(
      readTarget({ url: 'https://a.b/', miniprogram: { appid: 'wx1', pagepath: 'p?a=b' } }, 'url'),
    ).toEqual({
      url: 'https://a.b/',
      miniprogram: { appid: 'wx1', pagepath: 'p?a=b' },
    });
    expect(readTarget({ page: 'https://a.b/', miniprogram: {} }, 'page')).toEqual({
      url: 'https://a.b/',
      miniprogram: null,
    });
  });

  test.each([{ appid: '', pagepath: '' }, { appid: '', path: '' }, {}, undefined])(
    'takes the mini program %j for none',
    (miniprogram) => {
      expect(readTarget({ miniprogram }, 'url')).toEqual({ url: null, miniprogram: null });
    },
  );

  test('refuses a mini program without an AppID, and what is no text', () => {
    expect(() => readTarget({ miniprogram: { pagepath: 'p' } }, 'url')).toThrow(new Refusal(40013));
    expect(() => readTarget({ miniprogram: 'p' }, 'url')).toThrow(new Refusal(47001));
    expect(() => readTarget({ url: 5 }, 'url')).toThrow(new Refusal(47001));
  });
});
