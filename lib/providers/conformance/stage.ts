import { inspect } from 'node:util';
import { expect } from 'vitest';
import { type AnyProvider, type Capability, capability, ProviderError, type RemoteRef, secretOf } from '../port';
import type { Harness, Wire } from './harness';

export interface Stage {
  provider: AnyProvider;
  harness: Harness;
  wire: Wire;
}

export function claims(provider: AnyProvider, key: Capability): boolean {
  return provider.manifest.capabilities[key] !== undefined;
}

/** What a call ends in when it must fail; also looks for the credential in it. */
export async function failure(stage: Stage, work: Promise<unknown>): Promise<ProviderError> {
  const error: unknown = await work.then(
    (value) => expect.fail(`this should have failed, but gave ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ProviderError);
  const shown = inspect(error, { depth: 8, showHidden: true });
  for (const credential of Object.values(stage.harness.credentials)) {
    expect(shown.includes(secretOf(credential).reveal()), 'the error holds a credential').toBe(false);
  }
  expect((error as ProviderError).message).toMatch(/^\p{L}.{15,}[.!]$/u);
  return error as ProviderError;
}

export async function start(stage: Stage, marker: string, via: Wire = stage.wire): Promise<RemoteRef | null> {
  const { provider, harness } = stage;
  const revision =
    harness.revision ?? (await capability(provider, 'source').resolve(stage.wire.context, harness.target, harness.ref));
  return capability(provider, 'deploy').trigger(via.context, harness.target, {
    marker,
    revision,
    inputs: harness.inputs,
  });
}

/** Starts a run and returns its reference, looked up where the vendor did not name it. */
export async function started(stage: Stage, marker: string): Promise<RemoteRef> {
  const since = stage.harness.world.now();
  const named = await start(stage, marker);
  const ref =
    named ??
    (await capability(stage.provider, 'deploy').findByMarker(stage.wire.context, stage.harness.target, marker, since));
  if (!ref) return expect.fail('the run was accepted but cannot be found by its marker');
  return ref;
}
