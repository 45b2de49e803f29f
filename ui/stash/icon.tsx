import type { IconDefinition } from '@fortawesome/free-solid-svg-icons';
import React from 'react';
import { stash } from './api.ts';

/** Stash's own, so that its sizes and other plugins' patches apply. Purely a picture: say in words what it means. */
export function Icon({ icon, className }: { icon: IconDefinition; className?: string }): React.ReactElement {
  const StashIcon = stash().components.Icon;
  return <StashIcon icon={icon} {...(className === undefined ? {} : { className })} />;
}
