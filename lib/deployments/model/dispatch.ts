import type { InputValue, JobPlace, JobPlaces } from '@/lib/providers/port';
import { type Publish, refOfPublish } from './publish';
import type { Serve } from './serve';
import { fixedInputs } from './still-fixed';

/** How what is sent is told apart at the provider, and what is sent where nothing is built. */
export interface Dispatch {
  /** It can be looked up by its marker. */
  findable: boolean;
  markerInput: string | null;
  shaInput: string | null;
  /** The file that the provider will run, and the SHA-256 of its text. */
  form?: { path: string; digest: string };
  /** Inputs that say which environment a run goes to, fixed ones too; left out where that is not known. Not part of what is approved. */
  environmentInputs?: string[];
  /** Where its jobs run by what was filled in, the ref and the file; left out where nothing of that says it. Not approved either. */
  runsIn?: JobPlace[];
  /** What that is worked out from: by the time it is sent, the settings of targets may be others. */
  places?: JobPlaces;
  /** Nothing is built: this build is served. */
  serve?: Serve;
  /** Nothing is built: this package is published. */
  publish?: Publish;
  /** What the host served before the first request to serve another build; null = nothing. Not part of what is approved. */
  servedBefore?: string | null;
  /** It deploys once more what was live when it was asked for, and only while that is what the host serves. Not approved. */
  whileLive?: true;
}

/**
 * Whether the provider finds by its marker what it took. One that takes the same request twice as one (`native`) finds it as
 * well: only the answer was lost, and nothing has to be sent again.
 */
export function isFoundByMarker(idempotency: 'native' | 'lookup' | 'none' | undefined): boolean {
  return idempotency === 'lookup' || idempotency === 'native';
}

interface Sent {
  config: Record<string, unknown>;
  inputs: Record<string, InputValue>;
  dispatch: Dispatch;
}

/** All that its run is told, also that of a workflow that publishes; the adapter adds what the target's settings fix. */
export function sentInputs({ config, inputs, dispatch }: Sent): Record<string, InputValue> {
  return dispatch.publish?.by?.inputs ?? { ...fixedInputs(config), ...inputs };
}

/** Nothing is built for it: what is there is asked of the host or the gallery. A run may publish it all the same, see `isRun`. */
export function buildsNothing({ serve, publish }: Dispatch): boolean {
  return serve !== undefined || publish !== undefined;
}

/**
 * Whether a run goes by this id at the provider, which can be called off and taken over: neither a build that is served nor
 * a version at a gallery. Null = what was started is not known.
 */
export function isRun({ serve, publish }: Dispatch, remoteId: string | null): boolean {
  if (serve) return false;
  return !publish || (publish.by !== undefined && remoteId !== refOfPublish(publish, null).id);
}
