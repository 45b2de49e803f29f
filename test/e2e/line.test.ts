/** The whole line, from adding the package source to clearing what was kept: one Stash, step after step. */
import { after, before } from 'node:test';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../ui/browser.ts';
import { excluding } from './steps/exclusions.ts';
import { twoOfOnePerson } from './steps/ambiguous.ts';
import { besideStashsForm, takenOffInStashsForm } from './steps/form.ts';
import { identifying } from './steps/identify.ts';
import { installing } from './steps/install.ts';
import { leaving } from './steps/leave.ts';
import { onManyPerformers } from './steps/stash-ids/many-performers.ts';
import { inGerman, namingUnknown } from './steps/faces/naming.ts';
import { onScenePage, onSuggestionsPage } from './steps/page.ts';
import { passwordProtected } from './steps/password.ts';
import { onPerformerPage } from './steps/stash-ids/performer-page.ts';
import { onSceneBoxes } from './steps/stash-ids/scene-boxes.ts';
import { fromPublisher } from './steps/published-packs.ts';
import { fromStashBox } from './steps/reference-packs.ts';
import { withdrawing } from './steps/references.ts';
import { onRunsPage } from './steps/runs.ts';
import { learningPeople, scanning } from './steps/scan.ts';
import { stopping } from './steps/stop.ts';
import { goneFromStash, takenOffElsewhere } from './steps/taken-off.ts';
import { openWorld, type World } from './world.ts';

let opened: World;
let started: Browser;
const world = (): World => opened;
const browser = (): Browser => started;

before(async () => {
  // One after the other: `after` closes only what was assigned, and an open browser keeps a failed run from ending.
  started = await openBrowser();
  opened = await openWorld();
});
after(async () => {
  await started?.close();
  await opened?.close();
});

installing(world);
learningPeople(world);
scanning(world);
identifying(world);
onScenePage(world, browser);
namingUnknown(world, browser);
inGerman(world, browser);
withdrawing(world, browser);
besideStashsForm(world, browser);
onSuggestionsPage(world, browser);
excluding(world, browser);
takenOffElsewhere(world, browser);
twoOfOnePerson(world, browser);
onPerformerPage(world, browser);
onManyPerformers(world, browser);
onSceneBoxes(world, browser);
fromStashBox(world, browser);
fromPublisher(world, browser);
stopping(world);
onRunsPage(world, browser);
passwordProtected(world);
takenOffInStashsForm(world, browser);
goneFromStash(world, browser);
leaving(world, browser);
