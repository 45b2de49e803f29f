import React from 'react';
import { Localized, say } from './intl.tsx';

type Props = {
  /** Name of the component, for the log. */
  readonly name: string;
  /** Renders nothing instead of an error text. */
  readonly isSilent?: boolean;
};

/** Error boundary around everything the plugin renders, so that an error does not break Stash's page. */
export class Boundary extends React.Component<React.PropsWithChildren<Props>, { problem: string | null }> {
  constructor(props: React.PropsWithChildren<Props>) {
    super(props);
    // Not a class field: the bundle's target has none, and esbuild would write helpers for this one.
    this.state = { problem: null };
  }

  static getDerivedStateFromError(error: unknown): { problem: string } {
    return { problem: error instanceof Error ? error.message : String(error) };
  }

  override componentDidCatch(error: unknown): void {
    console.error(`[stash-sense] ${this.props.name}`, error);
  }

  override render(): React.ReactNode {
    const { problem } = this.state;
    if (problem === null) return <Localized>{this.props.children}</Localized>;
    if (this.props.isSilent === true) return null;
    return (
      <div className="alert alert-danger stash-sense-broken" role="alert">
        {say('page.partNotDrawn', { problem })}
      </div>
    );
  }
}
