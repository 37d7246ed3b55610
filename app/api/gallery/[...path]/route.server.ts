import { serverEnv } from '@/lib/env/server';
import { serveGallery } from '@/lib/gallery/serve/gallery';
import { factsOf } from '@/lib/pipeline/request';
import { getRuntime } from '@/lib/runtime';

/** For editors and `ovsx`: docs/gallery.md. */
async function handler(request: Request): Promise<Response> {
  const { AETHERSTACK_TRUSTED_PROXY_HOPS, NEXTAUTH_URL } = serverEnv();
  const { requestId, ip } = factsOf(request.headers, AETHERSTACK_TRUSTED_PROXY_HOPS);
  const runtime = await getRuntime();
  const origin = NEXTAUTH_URL.replace(/\/+$/, '');
  return await serveGallery(request, { requestId, ip, origin, contextFor: runtime.contextFor });
}

export { handler as GET, handler as HEAD, handler as POST };
