import { z } from 'zod';
import { LEVELS, SCANS } from '@/lib/extensions/model/package';
import { because, id, moment } from './basics';

const scan = z.enum(SCANS);
const finding = z.object({
  code: z.string(),
  sentence: z.string(),
  path: z.string().optional(),
  level: z.enum(LEVELS),
});

const summary = {
  id,
  publisher: z.string(),
  name: z.string(),
  displayName: because,
  version: z.string(),
  targetPlatform: z.string(),
  prerelease: z.boolean(),
  engine: z.string(),
  size: z.number(),
  scan,
  source: z.object({
    kind: z.enum(['upload', 'run', 'republish']),
    by: z.string(),
    deploymentId: because,
    sha: because,
    from: because,
  }),
  uploadedAt: moment,
  refusals: z.number(),
  warnings: z.number(),
};

export const PackageAccepted = z.object({
  packageId: id,
  outcome: z.enum(['new', 'already']),
  publisher: z.string(),
  name: z.string(),
  version: z.string(),
  targetPlatform: z.string(),
  scan,
  findings: z.array(finding),
});

export const PackageRepublished = PackageAccepted.extend({ from: id });

export const PackagesCollected = z.object({ deploymentId: id, sha: z.string(), packages: z.array(PackageAccepted) });

export const PackageList = z.object({ packages: z.array(z.object(summary)), nextCursor: because });

const words = z.array(z.string());
const change = z.object({ added: words, removed: words });
const text = z.object({ from: z.string(), to: z.string() }).nullable();
const other = z.object({
  id,
  version: z.string(),
  targetPlatform: z.string(),
  prerelease: z.boolean(),
  scan,
  uploadedAt: moment,
});

const contents = z.object({
  activationEvents: words,
  commands: z.array(z.object({ command: z.string(), title: z.string() })),
  contributes: z.array(z.object({ kind: z.string(), count: z.number() })),
  dependencies: words,
  proposedApi: words,
  capabilities: words,
  folders: z.array(z.object({ path: z.string(), files: z.number(), size: z.number(), packed: z.number() })),
  files: z.number(),
  unpacked: z.number(),
});

const difference = z.object({
  engine: text,
  prerelease: z.object({ from: z.boolean(), to: z.boolean() }).nullable(),
  targetPlatform: text,
  size: z.object({ from: z.number(), to: z.number() }),
  activationEvents: change,
  commands: change,
  contributes: change,
  dependencies: change,
  proposedApi: change,
  capabilities: change,
  folders: z.array(z.object({ path: z.string(), from: z.number(), to: z.number() })),
  files: z.object({ added: words, removed: words, changed: words, more: z.number() }),
});

export const PackageDetail = z.object({
  ...summary,
  description: because,
  license: because,
  findings: z.array(finding),
  contents,
  others: z.array(other),
  against: other.extend({ why: z.enum(['live', 'before', 'chosen']), liveAt: words }).nullable(),
  difference: difference.nullable(),
  nextVersion: because,
});

/** As a deployment and its approval name the package that goes out. */
export const Published = z.object({
  id,
  extension: z.string(),
  version: z.string(),
  platform: z.string(),
  prerelease: z.boolean(),
  kept: z.boolean(),
  warnings: z.array(z.object({ code: z.string(), sentence: z.string(), path: because })).nullable(),
});
