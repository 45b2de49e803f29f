import path from 'node:path';
import type { InstalledPackView } from '../../core/contract/reference-packs.ts';
import { StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import type { InstalledPack } from '../../core/ports/reference-packs.ts';
import type { ReferencePackManifest } from '../../core/reference-packs/reference-pack.ts';
import { EXPORTED_REFERENCES } from '../../plugin/system/files/own-names.ts';
import { viewDescribed } from '../matching/described-packs.ts';
import { matchDue } from '../matching/match-due.ts';
import type { Operations } from '../runs/task.ts';
import { addPackPerson, rejectPackPerson } from './choose-pack-person.ts';
import { dropContributed } from './build/requests.ts';
import { exportConfirmed } from './export/export-confirmed.ts';
import { viewPictures } from './pictures.ts';

type Names =
  | 'referencePacks.list'
  | 'referencePacks.install'
  | 'referencePacks.remove'
  | 'referencePacks.goBack'
  | 'referencePacks.export'
  | 'referencePacks.pictures'
  | 'packPeople.add'
  | 'packPeople.reject';

export const referencePackOperations: Pick<Operations, Names> = {
  'referencePacks.list': async ({ referencePacks }) => ({
    packs: await Promise.all(
      (await referencePacks.list()).map(async (pack) => viewPack(pack, await referencePacks.before(pack.id))),
    ),
    offered: [...(await referencePacks.offered())],
  }),

  'referencePacks.install': async ({ referencePacks }, { place }) => {
    const { id, name, people } = await referencePacks.install(place);
    return { id, name, people };
  },

  'referencePacks.goBack': async ({ referencePacks }, { id }) => {
    const manifest = await referencePacks.goBack(id);
    if (manifest === null) throw new StashSenseError('not-found', message('referencePacks.noVersionBefore'));
    return { name: manifest.name, version: manifest.version };
  },

  'referencePacks.remove': async (context, { id }) => {
    await context.referencePacks.remove(id);
    await dropContributed(context, id);
    return {};
  },

  'referencePacks.export': async (context) => {
    const { people, said } = await exportConfirmed(
      context,
      path.join(context.dataFolder, EXPORTED_REFERENCES),
    );
    return { people, said: [...said] };
  },

  'referencePacks.pictures': (context, { personIds, size }) => viewPictures(context, personIds, size),

  'packPeople.add': (context, input) => addPackPerson(context, input),

  'packPeople.reject': async (context, input) => {
    await context.changes.exclusively(() => rejectPackPerson(context, input));
    await matchDue(context);
    return { rejected: !input.undo };
  },
};

function viewPack(pack: InstalledPack, before: ReferencePackManifest | null): InstalledPackView {
  const { isBuiltHere, manifest, bytes } = pack;
  return {
    ...viewDescribed(pack),
    isBuiltHere,
    references: manifest?.references ?? 0,
    licenseNote: manifest?.licenseNote ?? '',
    bytes,
    before: before && { version: before.version, builtAt: before.builtAt },
  };
}
