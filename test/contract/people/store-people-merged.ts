import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fresh, PACK, performer, reference, type CreateStore } from '../store-samples.ts';

export function testMergedPeople(name: string, create: CreateStore): void {
  test(`${name}: the references of who was merged are those of the other, who has none`, async () => {
    const { people } = (await fresh(create)).store;
    for (const n of [1, 2, 3]) await people.putPerformer(performer(n));
    const ids = [await people.putReference(reference(1)), await people.putReference(reference(2))];
    const before = await people.version();
    await people.moveReferences('1', '2');
    assert.deepEqual([await people.version(), (await people.pictures('1')).length], [before, 1]);
    await people.moveReferences('1', '3');
    assert.ok((await people.version()) > before);
    assert.deepEqual(await people.pictures('1'), []);
    assert.deepEqual(
      (await people.references('3', PACK)).map(({ id, performerId }) => [id, performerId]),
      [[ids[0], '3']],
    );
  });
}
