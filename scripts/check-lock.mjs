import { readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Every dependency of every package in the lock file is in the lock file too. Where the platform packages of a new
 * release were missing from a registry, `npm install` leaves them out and `npm ci` then fails on every machine.
 */
export function checkLock(root) {
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  return [...differences(manifest, lock.packages[''] ?? {}), ...missing(lock.packages)];
}

function differences(manifest, locked) {
  return ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((kind) => {
    const wanted = { ...manifest[kind] };
    const had = { ...locked[kind] };
    const names = new Set([...Object.keys(wanted), ...Object.keys(had)]);
    return [...names]
      .filter((name) => wanted[name] !== had[name])
      .map(
        (name) =>
          `package-lock.json: ${name} is ${had[name] ?? 'missing'}, package.json says ${wanted[name] ?? 'none'}`,
      );
  });
}

function missing(packages) {
  return Object.entries(packages).flatMap(([place, entry]) =>
    Object.keys({ ...entry.dependencies, ...entry.optionalDependencies, ...(place === '' && entry.devDependencies) })
      .filter((name) => !resolves(packages, place, name))
      .map((name) => `package-lock.json: ${place || 'the project'} needs ${name}, which is not in the lock file`),
  );
}

function resolves(packages, place, name) {
  for (let folder = place; ; folder = parent(folder)) {
    if (packages[folder ? `${folder}/node_modules/${name}` : `node_modules/${name}`]) {
      return true;
    }
    if (!folder) {
      return false;
    }
  }
}

function parent(folder) {
  const end = folder.lastIndexOf('/node_modules/');
  return end === -1 ? '' : folder.slice(0, end);
}
