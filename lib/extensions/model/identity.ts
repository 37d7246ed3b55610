import { TARGET_PLATFORMS, type TargetPlatform } from './package';

const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/i;
const VERSION = /^(?:0|[1-9]\d{0,9})\.(?:0|[1-9]\d{0,9})\.(?:0|[1-9]\d{0,9})$/;
/** As VS Code reads `engines.vscode`: https://github.com/microsoft/vscode/blob/main/src/vs/platform/extensions/common/extensionValidator.ts */
const ENGINE = /^(?:\*|(?:\^|>=)?(?:\d{1,9}|x)\.(?:\d{1,9}|x)\.(?:\d{1,9}|x)(?:-[\w.]{1,30})?)$/;
/** What a gallery keeps a part of a version in. */
const LARGEST = 2_147_483_647;

export const isPublisher = (text: string): boolean => NAME.test(text);
export const isExtensionName = (text: string): boolean => NAME.test(text);
export const isEngine = (text: string): boolean => ENGINE.test(text);
export const isTargetPlatform = (text: string): text is TargetPlatform =>
  (TARGET_PLATFORMS as readonly string[]).includes(text);

/** Three numbers and nothing else: the Marketplace takes no other, so neither does anything here. */
export function isVersion(text: string): boolean {
  return VERSION.test(text) && text.split('.').every((part) => Number(part) <= LARGEST);
}

/** Below 0 when `a` is older. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let at = 0; at < 3; at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const LOOKS: readonly [RegExp, string][] = [
  [/rn/g, 'm'],
  [/vv/g, 'w'],
  [/cl/g, 'd'],
  [/[1il]/g, 'l'],
  [/0/g, 'o'],
  [/5/g, 's'],
  [/2/g, 'z'],
  [/8/g, 'b'],
  [/-/g, ''],
];

/** Two names with one outline are easily taken for each other: `rnicrosoft` and `microsoft`. */
export function outlineOf(name: string): string {
  return LOOKS.reduce((out, [pattern, by]) => out.replace(pattern, by), name.toLowerCase());
}
