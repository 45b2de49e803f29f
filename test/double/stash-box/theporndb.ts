/**
A box that is asked as ThePornDB can surely be asked. Nobody has shown its schema, but Stash is used with it: it has what Stash asks
of a stash-box (`graphql/stash-box/query.graphql`), and of everything else it is not known. That is left out.
*/
import { Kind, parse, print, visit, type FieldDefinitionNode } from 'graphql';

/** Fields of types that Stash asks for as stash-boxes have them, as far as the double has them; of other types none is asked for. */
export const ASKED_BY_STASH: Readonly<Record<string, readonly string[]>> = {
  Query: [
    'findPerformer',
    'findStudio',
    'findScene',
    'findScenesBySceneFingerprints',
    'me',
    'searchPerformer',
    'searchScene',
  ],
  Performer: [
    'id',
    'name',
    'disambiguation',
    'aliases',
    'gender',
    'urls',
    'birth_date',
    'death_date',
    'ethnicity',
    'country',
    'eye_color',
    'hair_color',
    'height',
    'measurements',
    'breast_type',
    'career_start_year',
    'career_end_year',
    'tattoos',
    'piercings',
    'images',
    'deleted',
    'merged_ids',
    'merged_into_id',
  ],
  Measurements: ['cup_size', 'band_size', 'waist', 'hip'],
  BodyModification: ['location', 'description'],
  URL: ['url', 'type'],
  Image: ['id', 'url', 'width', 'height'],
  PerformerAppearance: ['performer', 'as'],
  Scene: [
    'id',
    'title',
    'details',
    'date',
    'urls',
    'studio',
    'tags',
    'images',
    'performers',
    'fingerprints',
    'duration',
    'director',
    'code',
  ],
  Fingerprint: ['hash', 'algorithm', 'duration'],
  Studio: ['id', 'name', 'aliases', 'urls', 'parent', 'images'],
  Tag: ['id', 'name'],
  User: ['name'],
};
/** As Stash gives them; of the others, such as a limit, it is not known whether there are any. */
const ARGUMENTS: ReadonlySet<string> = new Set(['id', 'name', 'term', 'fingerprints']);

/** @param schema of a stash-box as the double has it, in the language of schemas */
export function asThePornDb(schema: string): string {
  const reduced = visit(parse(schema), {
    ObjectTypeDefinition(type) {
      const asked = new Set(ASKED_BY_STASH[type.name.value]);
      const fields = type.fields?.filter(({ name }) => asked.has(name.value)) ?? [];
      return fields.length === 0 ? null : { ...type, fields: fields.map(withKnownArguments) };
    },
    UnionTypeDefinition: () => null,
  });
  return print(reduced);
}

function withKnownArguments(field: FieldDefinitionNode): FieldDefinitionNode {
  const known = field.arguments?.filter(({ name }) => ARGUMENTS.has(name.value)) ?? [];
  return { ...field, kind: Kind.FIELD_DEFINITION, arguments: known };
}

/** Stash's tagger showed a birth date with this after it (stashapp/stash, issue 6843). */
export function withMidnight(date: string | null): string | null {
  return date !== null && /^\d{4}-\d{2}-\d{2}$/.test(date) ? `${date} 00:00:00` : date;
}
