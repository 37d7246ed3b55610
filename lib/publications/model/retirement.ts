import type { Need } from '../../blueprints/model/blueprint';
import type { FileState } from '../../blueprints/model/compare';
import type { Refusal } from '../../kernel/errors';

/** What is published by a token, and which of these tokens end. Days are whole ones in UTC; 0 and below = it is over. */
export interface RetirementView {
  /** `2026-11-27`, by the database's clock. */
  today: string;
  retirements: Retirement[];
  connections: GalleryCredential[];
  secrets: KeptSecret[];
  /** Repositories that were looked through, and what kept from looking. */
  repositories: { repository: string; workflows: number; problem: string | null }[];
  /** What was not looked at beside them; null = nothing. */
  beyond: string | null;
  migrations: Migration[];
  /** Other extensions, whose proposals were not read: each costs requests, so one is asked for by itself. */
  others: { slug: string; name: string }[];
}

export interface Retirement {
  gallery: string;
  what: string;
  on: string;
  daysLeft: number;
  steps: readonly string[];
  /** Places that still publish by the token that ends. */
  places: string[];
}

export interface GalleryCredential {
  id: string;
  name: string;
  gallery: string;
  /** False: its targets name a workflow, and nothing is stored. */
  stored: boolean;
  state: 'unchecked' | 'ok' | 'failing';
  /** As the gallery says; null where it says nothing. */
  expiresAt: string | null;
  /** What is known of its end in general. */
  ends: string | null;
  /** To whichever end comes first; null where none is known. */
  daysLeft: number | null;
}

export interface KeptSecret {
  name: string;
  gallery: string;
  /** The token in it ends for everybody on that day; null = it does not. */
  on: string | null;
  places: { label: string; url: string | null; updatedAt: string | null }[];
  usedBy: { repository: string; workflow: string; url: string | null }[];
}

/** The proposal that takes a component's workflow to the way that stays; nothing is written before somebody asks. */
export interface Migration {
  component: { slug: string; name: string };
  gallery: string;
  /** Its targets there that still publish by the token that ends: each has to name the workflow. */
  places: { targetId: string; name: string }[];
  /** Why nothing can be proposed; null when it can, or is there already. */
  problem: Refusal | null;
  proposal: Proposal | null;
}

export interface Proposal {
  connectionId: string;
  repository: string;
  settings: string;
  shown: string;
  /** The file of the workflow that publishes, without its folder, and the branch that it is merged into. */
  workflow: string | null;
  base: string;
  /** What the provider calls it, such as “pull request”. */
  word: string;
  /** One that is open already; it gets the files then. */
  openUrl: string | null;
  /** Those that would be written, and how each stands now. Empty = they are there already. */
  files: { path: string; state: FileState }[];
  /** What has to exist before the workflow can sign in. */
  needs: Need[];
}

const DAY = 86_400_000;

/** Whole days from one day to another, `2026-11-27` each. */
export function daysUntil(day: string, today: string): number {
  return Math.round((Date.parse(`${day}T00:00:00Z`) - Date.parse(`${today}T00:00:00Z`)) / DAY);
}

/** Days from a moment to the nearer of the ends that are known; one that began counts whole, so 0 and below = it is over. */
export function nearest(ends: readonly (string | null | undefined)[], now: string): number | null {
  const days = ends.flatMap((end) => (end ? [Math.ceil((Date.parse(end) - Date.parse(now)) / DAY) + 0] : []));
  return days.length === 0 ? null : Math.min(...days);
}

/** `4 days left`, `ended today`, `ended 3 days ago`. */
export function daysWords(days: number): string {
  const many = (count: number) => `${count} ${count === 1 ? 'day' : 'days'}`;
  if (days > 0) return `${many(days)} left`;
  return days === 0 ? 'ended today' : `ended ${many(-days)} ago`;
}

/** Which of these names a workflow's text reads as secrets, in any of the ways that it can write it. */
export function secretsIn(text: string, names: readonly string[]): string[] {
  return names.filter((name) => {
    const escaped = name.replace(/[^\w]/g, '\\$&');
    return new RegExp(`secrets\\s*(?:\\.\\s*${escaped}\\b|\\[\\s*['"]${escaped}['"]\\s*\\])`, 'i').test(text);
  });
}

/** The settings with the blueprint's other way in them; null when they cannot be read. */
export function settingsWith(settings: string, other: Readonly<Record<string, string>>): string | null {
  try {
    const read: unknown = JSON.parse(settings);
    if (typeof read !== 'object' || read === null || Array.isArray(read)) return null;
    return JSON.stringify({ ...read, ...other }, null, 2);
  } catch {
    return null;
  }
}
