import React from 'react';
import { Localized, say } from './intl.tsx';

type Props = {
  /** What could not be drawn, for the log. */
  readonly name: string;
  /** Where a sentence would not fit, nothing is drawn instead. */
  readonly isSilent?: boolean;
};

/** Around everything we add: what throws while it draws must not take Stash's page with it. */
export class Boundary extends React.Component<React.PropsWithChildren<Props>, { problem: string | null }> {
  override state = { problem: null };

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
