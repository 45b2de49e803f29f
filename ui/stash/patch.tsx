import React from 'react';
import type { StashUi } from './api.ts';
import { Boundary } from './boundary.tsx';
import { noteDrawn } from './navigation.ts';

/** An addition to one of Stash's components. `draw` must not use hooks, since it runs inside Stash's component. */
export type Patch<Props> = {
  readonly component: string;
  /** `inside`: behind the children of a container. `after`: behind what the component drew. */
  readonly place: 'inside' | 'after';
  /** Renders nothing instead of an error text. */
  readonly isSilent?: boolean;
  /** Partial, since other plugins can remove props. */
  draw(props: Partial<Props>): React.ReactNode;
};

/** Other props for one of Stash's components. `change` must not use hooks. */
export type PropsPatch<Props> = {
  readonly component: string;
  /** @returns the props that are to be others */
  change(props: Partial<Props>): Partial<Props>;
};

/** The same as {@link applyPatch} for props. */
export function applyPropsPatch<Props>(stash: Pick<StashUi, 'patch'>, patch: PropsPatch<Props>): void {
  const { component } = patch;
  stash.patch.before(component, (...args) =>
    unlessItThrows(component, args, () => {
      const [props, ...rest] = args as [Partial<Props> | undefined, ...unknown[]];
      return [{ ...props, ...patch.change(props ?? {}) }, ...rest];
    }),
  );
}

/**
The only caller of `PluginApi.patch`, with {@link applyPropsPatch}. A patch that throws leaves the page as it was.

`before` replaces all arguments by the array it returns (ui/v2.5/src/patch.tsx), so whatever came is handed on for the
patches that run later. `after` gets what was drawn as its last argument; how many come between depends on React.
*/
export function applyPatch<Props>(stash: Pick<StashUi, 'patch'>, patch: Patch<Props>): void {
  const { component, place, isSilent = false } = patch;
  const drawn = (props: unknown): React.ReactNode => {
    noteDrawn(component);
    return (
      <Boundary name={component} isSilent={isSilent}>
        {patch.draw(props ?? {})}
      </Boundary>
    );
  };
  if (place === 'inside')
    stash.patch.before(component, (...args) =>
      unlessItThrows(component, args, () => {
        const [props, ...rest] = args as [React.PropsWithChildren<object> | undefined, ...unknown[]];
        return [{ ...props, children: joined(props?.children, drawn(props)) }, ...rest];
      }),
    );
  else
    stash.patch.after(component, (...args) => {
      const before = args.at(-1) as React.ReactNode;
      return unlessItThrows(component, before, () => joined(before, drawn(args[0])));
    });
}

function joined(before: React.ReactNode, added: React.ReactNode): React.ReactElement {
  return (
    <>
      {before}
      {added}
    </>
  );
}

function unlessItThrows<Result>(component: string, otherwise: Result, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    console.error(`[stash-sense] ${component}`, error);
    return otherwise;
  }
}
