'use client';

import { Component, type ReactNode, Suspense } from 'react';

/** Fetched later and not essential: where it cannot be fetched (no network, a new build), the page stands without it. */
export class Optional extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? null : <Suspense>{this.props.children}</Suspense>;
  }
}
