/** Counterpart: k8s.io/apiserver/pkg/cel/library/regex.go. */
import { declare, type Library } from '../environment.ts';
import { regexpOf } from '../std/functions.ts';
import { noSuchOverload } from '../values.ts';

export const REGEX: Library = {
  functions: [
    declare('find', ['string_find_string: string.(string) -> string'], ([text, pattern]) => {
      if (typeof text !== 'string' || typeof pattern !== 'string') throw noSuchOverload();
      const [first] = regexpOf(pattern).find(text, 1);
      return first === undefined ? '' : text.slice(...first);
    }),
    declare(
      'findAll',
      ['string_find_all_string: string.(string) -> list(string)', 'string_find_all_string_int: string.(string, int) -> list(string)'],
      ([text, pattern, limit]) => {
        if (typeof text !== 'string' || typeof pattern !== 'string') throw noSuchOverload();
        return regexpOf(pattern)
          .find(text, typeof limit === 'bigint' ? Number(limit) : -1)
          .map((range) => text.slice(...range));
      },
    ),
  ],
};
