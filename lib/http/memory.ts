import { Rounds } from '@/lib/kernel/rounds';
import { Breaker } from './breaker';
import { EtagCache } from './etag-cache';
import { InFlight } from './in-flight';
import { ALL_RESOURCES, type Block } from './quota';

const WINDOW_MS = 60_000;
const MAX_CONNECTIONS = 500;
/** For each process. GitHub takes 100 at a time from everybody who uses a credential: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const READS_AT_ONCE = 10;

/** What one connection's requests remember between calls: blocks, recent writes, kept answers. Never a secret. */
export interface HttpMemory {
  etags: EtagCache;
  /** Resource → epoch milliseconds before which nothing is sent. */
  blocks: Map<string, number>;
  /** Times of the writes of the last minute. */
  writes: number[];
  /** Reads that are under way. */
  reads: Rounds<Response>;
  /** How many of them at a time. */
  lanes: InFlight;
  /** Whether anybody answers at all. */
  breaker: Breaker;
}

export function createHttpMemory(etags = new EtagCache()): HttpMemory {
  const [reads, lanes] = [new Rounds<Response>(), new InFlight(READS_AT_ONCE)];
  return { etags, blocks: new Map(), writes: [], reads, lanes, breaker: new Breaker() };
}

const shared = new EtagCache();
const memories = new Map<string, { credential: string; memory: HttpMemory }>();

/**
 * The process-wide memory of a connection with the credential of that name: another one starts with none, since what the
 * former was told and shown is not its own. The least recently used is forgotten beyond 500.
 */
export function httpMemoryFor(connectionId: string, credential: string): HttpMemory {
  const before = memories.get(connectionId);
  const known = before?.credential === credential ? before.memory : createHttpMemory(shared);
  memories.delete(connectionId);
  memories.set(connectionId, { credential, memory: known });
  if (memories.size > MAX_CONNECTIONS) {
    const oldest = memories.keys().next().value;
    if (oldest !== undefined) memories.delete(oldest);
  }
  return known;
}

/** Epoch milliseconds until which `resource` must stay quiet, or null. */
export function blockedUntil(memory: HttpMemory, resource: string, now: number): number | null {
  const until = Math.max(memory.blocks.get(resource) ?? 0, memory.blocks.get(ALL_RESOURCES) ?? 0);
  return until > now ? until : null;
}

export function remember(memory: HttpMemory, block: Block): void {
  memory.blocks.set(block.resource, Math.max(block.until, memory.blocks.get(block.resource) ?? 0));
}

/** Books one write, or says how many milliseconds too early it comes. */
export function bookWrite(memory: HttpMemory, perMinute: number, now: number): number | null {
  memory.writes = memory.writes.filter((at) => at > now - WINDOW_MS);
  const oldest = memory.writes[memory.writes.length - perMinute];
  if (memory.writes.length >= perMinute && oldest !== undefined) return oldest + WINDOW_MS - now;
  memory.writes.push(now);
  return null;
}

/** The write that was booked at that time did not leave. */
export function takeBack(memory: HttpMemory, at: number): void {
  const place = memory.writes.lastIndexOf(at);
  if (place >= 0) memory.writes.splice(place, 1);
}
