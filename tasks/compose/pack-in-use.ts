import { catalog, type FacePack, packOf } from '../../models/catalog/catalog.ts';

/** The default pack: the first of the catalogue. */
export const packInUse: FacePack = packOf(catalog, catalog.packs[0]!.id);
