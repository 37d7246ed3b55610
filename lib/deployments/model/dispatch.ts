import type { Serve } from './serve';

/** How what is sent is told apart at the provider, and what is sent where nothing is built. */
export interface Dispatch {
  /** It can be looked up by its marker. */
  findable: boolean;
  markerInput: string | null;
  shaInput: string | null;
  /** The file that the provider will run, and the SHA-256 of its text. */
  form?: { path: string; digest: string };
  /** Nothing is built: this build is served. */
  serve?: Serve;
  /** What the host served before the first request to serve another build; null = nothing. Not part of what is approved. */
  servedBefore?: string | null;
}
