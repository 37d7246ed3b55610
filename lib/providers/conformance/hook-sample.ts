/** What `webhook-sample.ts` of a provider with webhooks exports, as `sample`: lib/testing/bad-inputs throws D1 and D2 at it. */
export interface HookSample {
  /** A payload that is genuine. */
  body: Record<string, unknown>;
  /** Headers beside the signature's. */
  headers(deliveryId: string): Record<string, string>;
  /** The signature's header of these bytes. */
  sign(raw: Uint8Array, secret: string): string;
  /** What else stands in that header and is refused. */
  signatures: { name: string; header(raw: Uint8Array, secret: string): string }[];
  /** Signed bodies that are odd in the vendor's own way; 400 = cannot be read. */
  bodies: { name: string; body(): Buffer; headers?: Record<string, string>; status: 202 | 400 }[];
}
