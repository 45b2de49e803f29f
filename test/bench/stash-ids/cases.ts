/** Performers of a user and of a stash-box, made of the people of the development gallery, with who is who. */
import type { PerformerRow } from '../../double/stash-box/data.ts';
import type { Entry } from '../gallery/people.ts';

/** A picture: a file of the gallery, or several in one. */
export type Picture = string | readonly string[];

export type Mine = {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly picture?: Picture;
  readonly fields?: Readonly<Record<string, string | readonly string[]>>;
};
export type Theirs = Partial<PerformerRow> & {
  readonly name: string;
  readonly pictures?: readonly Picture[];
};

/** One performer of the user. */
export type Case = {
  readonly mine: Mine;
  /** The first is the one, unless `isThere` is false. */
  readonly theirs: readonly Theirs[];
  readonly isThere: boolean;
  /** A scene of the performer that the stash-box has too, with all of `theirs` and these in it. */
  readonly sceneWith?: readonly Theirs[];
};

export type Kind = {
  readonly what: string;
  /** @param one who it is; the others are somebody else */
  readonly make: (one: Entry, other: Entry, third: Entry, n: number) => Case;
};

const site = { id: '00000000-0000-4000-8000-00000000000a', name: 'Site' };

export const KINDS: readonly Kind[] = [
  {
    what: 'one name',
    make: (one) =>
      found({ name: one.name, picture: picture(one, 0) }, [{ name: one.name, pictures: [picture(one, 1)] }]),
  },
  {
    what: 'an alias of theirs',
    make: (one, _other, _third, n) =>
      found({ name: one.name, picture: picture(one, 0) }, [
        { name: madeUp(n), aliases: [one.name], pictures: [picture(one, 1), picture(one, 2)] },
      ]),
  },
  {
    what: 'an alias of mine',
    make: (one, _other, _third, n) =>
      found({ name: madeUp(n), aliases: [one.name], picture: picture(one, 0) }, [
        { name: one.name, pictures: [picture(one, 1)] },
      ]),
  },
  {
    what: 'two spellings',
    make: (one) =>
      found({ name: spelledOtherwise(one.name), picture: picture(one, 0) }, [
        { name: one.name, pictures: [picture(one, 1), picture(one, 2)] },
      ]),
  },
  {
    what: 'namesakes who are two people',
    make: (one, other) =>
      found({ name: one.name, picture: picture(one, 0) }, [
        { name: one.name, pictures: [picture(one, 1)] },
        { name: one.name, disambiguation: 'another', pictures: [picture(other, 0), picture(other, 1)] },
      ]),
  },
  {
    what: 'a namesake alone is there',
    make: (one, other) =>
      absent({ name: one.name, picture: picture(one, 0) }, [
        { name: one.name, pictures: [picture(other, 0)] },
      ]),
  },
  {
    what: 'a namesake of one country and one birth year',
    make: (one, other) =>
      absent(
        { name: one.name, picture: picture(one, 0), fields: { birthdate: '1980-03-04', country: 'US' } },
        [
          {
            name: one.name,
            birth_date: '1980',
            country: 'US',
            pictures: [picture(other, 0), picture(other, 1)],
          },
        ],
      ),
  },
  { what: 'nobody is there', make: (one) => absent({ name: one.name, picture: picture(one, 0) }, []) },
  {
    what: 'no picture of mine, one birth date',
    make: (one, _other, _third, n) =>
      found({ name: one.name, fields: { birthdate: day(n) } }, [
        { name: one.name, birth_date: day(n), pictures: [picture(one, 1)] },
        { name: one.name, birth_date: day(n + 7), disambiguation: 'another' },
      ]),
  },
  {
    what: 'no picture of theirs',
    make: (one) => found({ name: one.name, picture: picture(one, 0) }, [{ name: one.name }]),
  },
  {
    what: 'a group in my picture',
    make: (one, other, third) =>
      found({ name: one.name, picture: [picture(one, 0), picture(other, 0), picture(third, 0)] }, [
        { name: one.name, pictures: [picture(one, 1)] },
      ]),
  },
  {
    what: 'a group in one of their pictures',
    make: (one, other, third) =>
      found({ name: one.name, picture: picture(one, 0) }, [
        {
          name: one.name,
          pictures: [[picture(other, 0), picture(third, 0), picture(one, 2)], picture(one, 1)],
        },
      ]),
  },
  {
    what: 'somebody else in my picture, one page elsewhere',
    make: (one, other, _third, n) =>
      found({ name: one.name, picture: picture(other, 0), fields: { urls: [page(n)], birthdate: day(n) } }, [
        {
          name: one.name,
          birth_date: day(n),
          urls: [{ url: page(n), type: 'HOME', site }],
          pictures: [picture(one, 1)],
        },
      ]),
  },
  {
    what: 'somebody else in one of their pictures',
    make: (one, other) =>
      found({ name: one.name, picture: picture(one, 0) }, [
        { name: one.name, pictures: [picture(one, 1), picture(one, 2), picture(other, 0)] },
      ]),
  },
  {
    what: 'one page elsewhere, another name',
    make: (one, _other, _third, n) =>
      found({ name: one.name, picture: picture(one, 0), fields: { urls: [page(n)] } }, [
        { name: madeUp(n), urls: [{ url: page(n), type: 'HOME', site }], pictures: [picture(one, 1)] },
      ]),
  },
  {
    what: 'a page of a couple, the partner alone is there',
    make: (one, other, _third, n) =>
      absent({ name: one.name, picture: picture(one, 0), fields: { urls: [page(n)] } }, [
        { name: other.name, urls: [{ url: page(n), type: 'HOME', site }], pictures: [picture(other, 1)] },
      ]),
  },
  {
    what: 'a linked scene, another name, and a face',
    make: (one, other, third, n) => ({
      ...found({ name: one.name, picture: picture(one, 0) }, [
        { name: madeUp(n), pictures: [picture(one, 1), picture(one, 2)] },
      ]),
      sceneWith: [other, third].map((them) => ({ name: `${them.name} ${n}`, pictures: [picture(them, 0)] })),
    }),
  },
  {
    what: 'a linked scene, another name, and no picture',
    make: (one, _other, _third, n) => ({
      ...found({ name: one.name }, [{ name: madeUp(n) }]),
      sceneWith: [],
    }),
  },
  {
    what: 'a linked scene whose cast lacks them',
    make: (one, other, third, n) => ({
      ...absent({ name: one.name, picture: picture(one, 0) }, []),
      sceneWith: [other, third].map((them) => ({ name: `${them.name} ${n}`, pictures: [picture(them, 0)] })),
    }),
  },
];

function found(mine: Mine, theirs: readonly Theirs[]): Case {
  return { mine, theirs, isThere: true };
}

function absent(mine: Mine, theirs: readonly Theirs[]): Case {
  return { mine, theirs, isThere: false };
}

/** @throws Error where the gallery has fewer of them */
function picture({ id, pictures }: Entry, n: number): string {
  const file = pictures[n];
  if (file === undefined) throw new Error(`${id} has no picture ${n}.`);
  return file;
}

/** A name that nobody of the gallery has. */
function madeUp(n: number): string {
  const letters = String(n)
    .split('')
    .map((digit) => 'bdfgklmnrt'[Number(digit)])
    .join('a');
  return `Z${letters}o X${letters}a`;
}

/** The parts exchanged, with an accent and a hyphen. */
function spelledOtherwise(name: string): string {
  const words = name.split(' ');
  return [words.at(-1), ...words.slice(0, -1)].join(' ').replace('a', 'á').toUpperCase();
}

function day(n: number): string {
  return `19${50 + (n % 45)}-0${1 + (n % 9)}-${11 + (n % 17)}`;
}

function page(n: number): string {
  return `https://people.example/${n}/profile`;
}
