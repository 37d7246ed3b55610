import { listPictures, readPicture } from '@/lib/site-docs/server';

export const dynamic = 'force-static';
/** What the build does not know is not there. */
export const dynamicParams = false;

export function generateStaticParams(): { path: string[] }[] {
  return listPictures().map((name) => ({ path: name.split('/') }));
}

/** The pictures of the documents, written down by the build. */
export async function GET(_: Request, { params }: { params: Promise<{ path: string[] }> }): Promise<Response> {
  const name = (await params).path.join('/');
  const bytes = readPicture(name);
  if (!bytes) return new Response(null, { status: 404 });
  return new Response(bytes, { headers: { 'Content-Type': name.endsWith('.svg') ? 'image/svg+xml' : 'image/png' } });
}
