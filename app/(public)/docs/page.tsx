import type { Metadata } from 'next';
import { DocScreen } from './doc-screen';

export const metadata: Metadata = { title: 'Docs' };

export default function DocsPage() {
  return <DocScreen slug={[]} />;
}
