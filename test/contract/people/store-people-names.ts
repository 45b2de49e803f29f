import assert from 'node:assert/strict';
import { test } from 'node:test';
import { everybody } from '../../fixtures/gallery.ts';
import { fresh, PACK, performer, reference, type CreateStore } from '../store-samples.ts';

export function testPeopleNames(name: string, create: CreateStore): void {
  test(`${name}: performers of one name are told apart as Stash does it, and a new disambiguation is a new name`, async () => {
    const { people } = (await fresh(create)).store;
    for (const [id, disambiguation] of [
      [1, ''],
      [2, 'II'],
    ] as const) {
      await people.putPerformer(performer(id, { name: 'Jane Doe', disambiguation }));
      await people.putReference(reference(id));
    }
    const names = async (): Promise<string[]> => (await everybody(people, PACK)).map((person) => person.name);
    assert.deepEqual(await names(), ['Jane Doe', 'Jane Doe (II)']);
    const before = await people.version();
    await people.putPerformer(performer(1, { name: 'Jane Doe', disambiguation: 'actress' }));
    assert.notEqual(await people.version(), before);
    assert.deepEqual(await names(), ['Jane Doe (actress)', 'Jane Doe (II)']);
  });
}
