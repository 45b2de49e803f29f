import { catalog, type FacePack, packOf } from '../../models/catalog/catalog.ts';

/** The pack that works out of the box: the first of the catalogue. */
export const packInUse: FacePack = packOf(catalog, catalog.packs[0]!.id);
