/** What crosses the port about container images. Sizes are bytes as downloaded (compressed); times ISO 8601 in UTC. */

export interface ImagePlatform {
  os: string;
  architecture: string;
  variant: string | null;
  /** Of the manifest for this platform alone. */
  digest: string;
  /** Layers and configuration; null where it was not read, since each costs a request. */
  sizeBytes: number | null;
}

/** What a tag or a digest leads to. Everything but the tag's way here follows from the digest and never changes. */
export interface Image {
  repository: string;
  /** `sha256:` and 64 hexadecimal digits: of the index where there is one, else of the manifest. */
  digest: string;
  /** What a runtime pulls: `host/repository@sha256:…`. */
  reference: string;
  kind: 'index' | 'image' | 'other';
  /** Only those that run; what a builder attests (`unknown/unknown`) is counted in `attestations`. */
  platforms: ImagePlatform[];
  attestations: number;
  createdAt: string | null;
  /** The commit it was built from, by its label. */
  revision: string | null;
  /** Address of the code, by its label. */
  source: string | null;
  version: string | null;
}

export interface TagPage {
  names: string[];
  /** Pass back to read on; null after the last page. */
  next: string | null;
}

/** One way to fill in a credential, as the connection form offers it. Data only. */
export interface CredentialForm {
  id: string;
  label: string;
  /** The address that goes with it; null when it is the person's own. */
  origin: string | null;
  /** How the hosts of such addresses end, where they are the person's own: `.amazonaws.com`. */
  hosts?: readonly string[];
  /** `fixed`: always this name, so it is not asked for. */
  username: { label: string; hint: string; fixed: string | null };
  secret: { label: string; hint: string };
  /** Such a registry may have its tokens made at another host, which only the person knows. */
  tokenService: boolean;
  /** What ends, and when. A whole sentence. */
  ends: string;
}

/**
 * The form that an address is for: its own, one of its hosts, or the first. What was picked by hand stays, until the address is
 * another vendor's: a key is asked for in the words of who would get it.
 */
export function formFor(
  forms: readonly CredentialForm[],
  origin: string,
  picked: string | null = null,
): CredentialForm | undefined {
  const host = URL.canParse(origin) ? new URL(origin).hostname : '';
  const fits = ({ hosts = [] }: CredentialForm) => hosts.some((end) => host.endsWith(end));
  const own = forms.find((each) => each.origin === origin) ?? forms.find(fits);
  const chosen = forms.find((each) => each.id === picked);
  const isElsewhere = own !== undefined && (chosen?.origin != null || chosen?.hosts !== undefined);
  return (isElsewhere ? undefined : chosen) ?? own ?? forms[0];
}

/** `linux/arm64/v8`, as people write it. */
export function platformName({ os, architecture, variant }: Pick<ImagePlatform, 'os' | 'architecture' | 'variant'>) {
  return [os, architecture, ...(variant ? [variant] : [])].join('/');
}

/** Whether an image runs where `wanted` (`linux/amd64`) is asked for; a wanted name without a variant takes any. */
export function runsOn(platforms: readonly ImagePlatform[], wanted: string): boolean {
  return platforms.some((each) => {
    const name = platformName(each);
    return name === wanted || name.startsWith(`${wanted}/`);
  });
}
