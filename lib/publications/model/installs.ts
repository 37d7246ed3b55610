import type { PlaceView, PublicationsView } from './view';

type Count = PublicationsView['installs'][number];

export interface InstallsLine {
  targetId: string;
  name: string;
  what: string;
  /** Midnight UTC as milliseconds since 1970, and the gallery's sum on that day; oldest first. */
  points: { at: number; total: number }[];
}

/** What came to a place's sum while a version was its newest there: a gallery tells the sum only, of all versions. */
export interface VersionCount {
  targetId: string;
  name: string;
  version: string;
  /** First and last day, `2026-11-27`. */
  from: string;
  to: string;
  gained: number;
}

export interface InstallsView {
  lines: InstallsLine[];
  /** The newest first. */
  versions: VersionCount[];
}

/** The kept counts as lines over time and as a sum for each version; a place without counts has neither. */
export function installsView(
  installs: readonly Count[],
  places: readonly Pick<PlaceView, 'targetId' | 'name'>[],
): InstallsView {
  const counted = places.flatMap(({ targetId, name }) => {
    const rows = installs.filter((row) => row.targetId === targetId).toSorted((a, b) => (a.day < b.day ? -1 : 1));
    return rows.length === 0 ? [] : [{ targetId, name, rows }];
  });
  return {
    lines: counted.map(({ targetId, name, rows }) => ({
      ...{ targetId, name, what: rows.at(-1)?.what ?? '' },
      points: rows.map(({ day, total }) => ({ at: Date.parse(`${day}T00:00:00Z`), total })),
    })),
    versions: counted
      .flatMap(({ targetId, name, rows }) => versionsOf(rows).map((each) => ({ targetId, name, ...each })))
      .sort((a, b) => (a.from < b.from ? 1 : -1)),
  };
}

function versionsOf(rows: readonly Count[]): Omit<VersionCount, 'targetId' | 'name'>[] {
  const found = new Map<string, Omit<VersionCount, 'targetId' | 'name'>>();
  for (const [index, { day, total, version }] of rows.entries()) {
    if (version === null) continue;
    // What came in the night before belongs to the version that was the newest then.
    const before = rows[index - 1];
    const known = found.get(version) ?? { version, from: day, to: day, gained: 0 };
    found.set(version, { ...known, to: day });
    const owner = before?.version ? found.get(before.version) : undefined;
    if (before && owner)
      found.set(owner.version, {
        ...owner,
        to: owner.version === version ? day : owner.to,
        gained: owner.gained + total - before.total,
      });
  }
  return [...found.values()];
}
