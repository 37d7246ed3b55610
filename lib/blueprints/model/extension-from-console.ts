import type { Need } from './blueprint';
import type { ExtensionSettings } from './settings';
import { type DispatchInput, script } from './workflow';

/** Whether the package is the console's: then none is made, and its digest alone says which one it is. */
export const FROM_CONSOLE: DispatchInput = {
  name: 'from_console',
  description: 'Publish the package that the console keeps under sha256; the console fills it in',
  type: 'boolean',
  default: 'false',
};

/** A place publishes what was made, or what the console keeps; never after a package that could not be made. */
export function isThere({ console: address }: ExtensionSettings): string {
  // Without these a job that waits for one that was left out is left out as well.
  return address === null ? '' : '!failure() && !cancelled() && ';
}

export const digestOf = ({ console: address }: ExtensionSettings): string =>
  address === null
    ? '${{ needs.package.outputs.sha256 }}'
    : '${{ inputs.from_console && inputs.sha256 || needs.package.outputs.sha256 }}';

export function tokenNeed({ console: address }: ExtensionSettings): Need[] {
  if (address === null) return [];
  const why = `A token of ${address} that may read, to publish what was uploaded there. Keep it in the environment that publishes.`;
  return [{ name: 'AETHERSTACK_TOKEN', kind: 'secret', why }];
}

/** A step for each of the two ways. The digest is looked at before it becomes a part of an address. */
export function fetchSteps({ console: address }: ExtensionSettings, download: string): string[] {
  if (address === null) return [download];
  const [name = '', ...rest] = download.split('\n');
  const made = [name, '  if: ${{ !inputs.from_console }}', ...rest].join('\n');
  const env = { AETHERSTACK_TOKEN: '${{ secrets.AETHERSTACK_TOKEN }}', SHA256: '${{ inputs.sha256 }}' };
  const kept = script('Fetch the package from the console', fetchKept(address), env, [
    'if: ${{ inputs.from_console }}',
  ]);
  return [made, kept];
}

/** The token stands in a file of its own: on a command line every process of the machine could read it. */
const fetchKept = (address: string) => `if ! [[ "$SHA256" =~ ^[0-9a-f]{64}$ ]]; then
  echo '::error::A package of the console is named by its SHA-256: 64 digits, small letters.'
  exit 1
fi
(umask 077 && printf 'authorization: Bearer %s\\n' "$AETHERSTACK_TOKEN" > "$RUNNER_TEMP/console-header")
trap 'rm -f "$RUNNER_TEMP/console-header"' EXIT
curl --silent --show-error --fail --proto '=https' --max-time 300 --retry 3 --max-filesize 104857600 \\
  --header @"$RUNNER_TEMP/console-header" --output extension.vsix \\
  "${address.replace(/\/+$/, '')}/api/v1/extensions/packages/$SHA256/file"`;
