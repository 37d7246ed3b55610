import { Mono } from '@/components/ui/code';
import { Facts, Panel } from '@/components/ui/panel';
import { formatBytes } from '@/components/ui/size-format';
import { Row, Table, TableBody, TableHead, Td, Th } from '@/components/ui/table';
import type { PackageContents } from '@/lib/extensions/model/view';

/** What it may do and what is in it. */
export function ContentsPanel({ contents }: { contents: PackageContents }) {
  const { commands, contributes, folders, files } = contents;
  const kinds = contributes.map(({ kind, count }) => `${kind} (${count})`);
  return (
    <Panel title="What is in it" description={`${files} files`} body="flush">
      <Facts
        className="p-4"
        items={[
          { name: 'Starts on', value: <Words words={contents.activationEvents} none="what it contributes" /> },
          {
            name: 'Commands',
            value: <Words words={commands.map(({ command, title }) => `${command}: ${title}`)} none="none" />,
          },
          { name: 'Contributes', value: <Words words={kinds} none="nothing else" /> },
          { name: 'Needs', value: <Words words={contents.dependencies} none="no other extension" /> },
          { name: 'Proposed APIs', value: <Words words={contents.proposedApi} none="none" /> },
          {
            name: 'Capabilities',
            value: <Words words={contents.capabilities} none="says nothing of untrusted workspaces" />,
          },
        ]}
      />
      <Table caption="Size by folder" stack>
        <TableHead>
          <Th>Folder</Th>
          <Th align="end">Files</Th>
          <Th align="end">Unpacked</Th>
          <Th align="end">Packed</Th>
        </TableHead>
        <TableBody>
          {folders.slice(0, 20).map((folder) => (
            <Row key={folder.path}>
              <Td label="Folder" className="whitespace-normal">
                <Mono>{folder.path === '.' ? 'in no folder' : folder.path}</Mono>
              </Td>
              <Td label="Files" align="end">
                {folder.files}
              </Td>
              <Td label="Unpacked" align="end" className="tabular-nums">
                {formatBytes(folder.size)}
              </Td>
              <Td label="Packed" align="end" className="tabular-nums">
                {formatBytes(folder.packed)}
              </Td>
            </Row>
          ))}
        </TableBody>
      </Table>
    </Panel>
  );
}

function Words({ words, none }: { words: readonly string[]; none: string }) {
  if (words.length === 0) return <span className="text-ink-faint">{none}</span>;
  return (
    <ul className="grid gap-0.5">
      {words.slice(0, 50).map((word) => (
        <li key={word}>
          <Mono className="wrap-anywhere">{word}</Mono>
        </li>
      ))}
      {words.length > 50 ? <li className="text-xs text-ink-faint">and {words.length - 50} more</li> : null}
    </ul>
  );
}
