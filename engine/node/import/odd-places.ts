// Records of JSON in which something else than an object stands where members are taken apart: in the table `odd`, which is
// empty for most files.

import { type Duck, quoted } from './duck.ts';
import { type JsonShape, pointer } from './json-shape.ts';

/** Keys whose members are taken apart. */
export function placesIn({ nested, sets }: JsonShape): string[] {
  return [...new Set([...nested, ...sets])];
}

/** What stands at a place of a record; JSON's null is nothing. */
export const AT = { nothing: 0, object: 1, other: 2 } as const;

/** The column of `raw` that says what stands at a place. @param i index in `placesIn` */
export function atColumn(i: number): string {
  return `at_${i}`;
}

/** SQL over `raw`. */
export function standsAt(shape: JsonShape, key: string, what: keyof typeof AT): string {
  return `${atColumn(placesIn(shape).indexOf(key))} = ${AT[what]}`;
}

/** Makes the table `odd` of the rows in which something else than an object stands there. @returns whether there is one */
export async function findOdd(duck: Duck, shape: JsonShape): Promise<boolean> {
  const others = placesIn(shape).map((key) => standsAt(shape, key, 'other'));
  await duck.run(
    `create table odd as select rowid rn from raw where bad = 0 and (${['false', ...others].join(' or ')})`,
  );
  return (await duck.number('select count(*) from odd')) > 0;
}

/** Texts that begin as an object would: the key, the first row, how many there are. */
export async function textsAtPlaces(duck: Duck, shape: JsonShape): Promise<[string, number, number][]> {
  const found: [string, number, number][] = [];
  for (const key of placesIn(shape)) {
    const text = `json_extract_string(line, ${quoted(pointer(key))})`;
    const [texts] = await duck.rows<{ n: number; place: number | null }>(`select count(*) n, min(rn) place
      from odd join raw on raw.rowid = rn where json_type(line, ${quoted(pointer(key))}) = 'VARCHAR'
      and regexp_matches(${text}, '^\\s*[\\[{]')`);
    if (texts !== undefined && texts.place !== null) found.push([key, texts.place, texts.n]);
  }
  return found;
}
