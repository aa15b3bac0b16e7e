import assert from 'node:assert/strict';
import { parseURL } from '../../../../src/apimachinery/net/url.ts';

describe('parseURL', () => {
  const none = { path: '', rawQuery: '', fragment: '' };
  const parsed: readonly (readonly [text: string, url: object])[] = [
    ['https://a.b:443/c%20d?x=y#z', { scheme: 'https', host: 'a.b:443', path: '/c d', rawQuery: 'x=y', fragment: 'z' }],
    ['HTTPS://[::1]:8443', { ...none, scheme: 'https', host: '[::1]:8443' }],
    ['https://us%40er:p@h', { ...none, scheme: 'https', host: 'h', user: 'us%40er:p' }],
    ['2024-01-01', { ...none, scheme: '', host: '', path: '2024-01-01' }],
    ['mailto:a@b', { ...none, scheme: 'mailto', host: '' }],
    ['///x', { ...none, scheme: '', host: '', path: '///x' }],
    ['//h/x', { ...none, scheme: '', host: 'h', path: '/x' }],
    ['', { ...none, scheme: '', host: '' }],
  ];
  for (const [text, url] of parsed) it(`reads ${JSON.stringify(text)}`, () => assert.deepEqual(parseURL(text), url));

  const refused: readonly (readonly [text: string, error: string])[] = [
    ['%%%', 'parse "%%%": invalid URL escape "%%%"'],
    ['2024-13-01T00:00:00Z', 'parse "2024-13-01T00:00:00Z": first path segment in URL cannot contain colon'],
    [':x', 'parse ":x": missing protocol scheme'],
    ['https://h:port/', 'parse "https://h:port/": invalid port ":port" after host'],
    ['https://[::1/', `parse "https://[::1/": missing ']' in host`],
    ['https://a b/', 'parse "https://a b/": invalid character " " in host name'],
    ['https://a%41/', 'parse "https://a%41/": invalid URL escape "%41"'],
    ['https://u^@h/', 'parse "https://u^@h/": net/url: invalid userinfo'],
    ['https://h/\n', 'parse "https://h/\\n": net/url: invalid control character in URL'],
    ['https://h/#%z', 'parse "https://h/#%z": invalid URL escape "%z"'],
  ];
  for (const [text, error] of refused) it(`refuses ${JSON.stringify(text)}`, () => assert.deepEqual(parseURL(text), { error }));
});
