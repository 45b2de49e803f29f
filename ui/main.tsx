import React from 'react';
import { watchSchedule } from './due.ts';
import { OwnPage } from './own-page.tsx';
import { imageDetail } from './patches/image-detail.tsx';
import { pictureListEntries, pictureListHosts } from './patches/lists/picture-lists.tsx';
import { sceneListEntry, sceneListHost } from './patches/lists/scene-list.tsx';
import { sceneCard } from './patches/lists/selected-scenes.ts';
import { navbar } from './patches/navbar.tsx';
import { performerDetails } from './patches/performer-details.tsx';
import { performerListButton, performerListOpener } from './patches/performer-list.tsx';
import { performerSelect } from './patches/performer-select.tsx';
import { sceneTabContent } from './patches/scene-tab-content.tsx';
import { sceneTabs } from './patches/scene-tabs.tsx';
import { settingsTools } from './patches/settings-tools.tsx';
import { stash } from './stash/api.ts';
import { Boundary } from './stash/boundary.tsx';
import { PAGE } from './stash/navigation.ts';
import { watchPlaying } from './playing.ts';
import { applyPatch, applyPropsPatch } from './stash/patch.tsx';

function Page(): React.ReactElement {
  return (
    <Boundary name="page">
      <OwnPage />
    </Boundary>
  );
}

const page = window as { stashSenseIsHere?: true };
// Two copies of the plugin (one manual, one installed) must not render everything twice.
if (page.stashSenseIsHere !== true) {
  page.stashSenseIsHere = true;
  const ui = stash();
  applyPatch(ui, sceneTabs);
  applyPatch(ui, sceneTabContent);
  applyPatch(ui, imageDetail);
  applyPatch(ui, performerDetails);
  for (const patch of performerListButton) applyPropsPatch(ui, patch);
  for (const patch of performerListOpener) applyPatch(ui, patch);
  for (const patch of pictureListEntries) applyPropsPatch(ui, patch);
  for (const patch of pictureListHosts) applyPatch(ui, patch);
  applyPropsPatch(ui, sceneListEntry);
  applyPatch(ui, sceneListHost);
  applyPropsPatch(ui, sceneCard);
  applyPatch(ui, performerSelect);
  applyPatch(ui, navbar);
  applyPatch(ui, settingsTools);
  ui.register.route(PAGE, Page);
  watchSchedule(ui.Event);
  watchPlaying(document);
}
