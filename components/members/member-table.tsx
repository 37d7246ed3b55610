import { Avatar } from '@/components/ui/avatar';
import { Badge } from '@/components/ui/badge';
import { RelativeTime } from '@/components/ui/relative-time';
import { Row, Table, TableBody, TableHead, Td, Th } from '@/components/ui/table';
import { type Tone, ToneBadge } from '@/components/ui/tone';
import type { MemberView } from '@/lib/members/model/view';
import { MemberMenu, type MemberMenuProps } from './member-menu';
import { patternInWords, ROLE_WORDS } from './role-words';

interface MemberTableProps extends Omit<MemberMenuProps, 'member' | 'isYou'> {
  rows: readonly MemberView[];
  youId: string;
}

/** Who can sign in and what each may do. */
export function MemberTable({ rows, youId, ...menu }: MemberTableProps) {
  return (
    <Table caption="Members" stack>
      <TableHead>
        <Th>Person</Th>
        <Th>State</Th>
        <Th>May</Th>
        <Th align="end">Last seen</Th>
        <Th align="end">Sessions</Th>
        <Th align="end">
          <span className="sr-only">Actions</span>
        </Th>
      </TableHead>
      <TableBody>
        {rows.map((member) => (
          <Row key={member.id}>
            <Td label="Person">
              <span className="flex items-center gap-2">
                <Avatar name={member.name} size="md" />
                <span className="grid min-w-0 sm:min-w-32 sm:max-w-56">
                  <span className="truncate font-medium">
                    {member.name}
                    {member.id === youId ? (
                      <span className="ml-1.5 text-xs font-normal text-ink-faint">you</span>
                    ) : null}
                  </span>
                  <span className="truncate text-xs text-ink-faint">{member.login}</span>
                </span>
              </span>
            </Td>
            <Td label="State">
              <MemberState member={member} />
            </Td>
            <Td label="May" className="w-full whitespace-normal">
              <Roles member={member} />
            </Td>
            <Td label="Last seen" align="end" className="text-ink-soft">
              {member.lastSeenAt ? <RelativeTime at={member.lastSeenAt} /> : 'never'}
            </Td>
            <Td label="Sessions" align="end" className="tabular-nums text-ink-soft">
              {member.sessions}
            </Td>
            <Td align="end" className="max-sm:justify-end">
              <MemberMenu member={member} isYou={member.id === youId} {...menu} />
            </Td>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}

function stateOf(member: MemberView): { tone: Tone; label: string } {
  if (member.disabledAt) return { tone: 'neutral', label: 'Disabled' };
  if (member.signIn === 'invited') return { tone: 'warn', label: 'Invited' };
  return {
    tone: 'good',
    label: member.signIn === 'password' ? 'Signs in with a password' : 'Signs in with an account',
  };
}

function MemberState({ member }: { member: MemberView }) {
  const { tone, label } = stateOf(member);
  return (
    <ToneBadge tone={tone} plain>
      {label}
    </ToneBadge>
  );
}

function Roles({ member }: { member: MemberView }) {
  if (member.grants.length === 0) return <span className="text-ink-faint">nothing yet</span>;
  return (
    <ul className="flex min-w-0 flex-wrap gap-1.5">
      {member.grants.map((grant) => (
        <li key={`${grant.role} ${grant.environmentPattern}`} className="max-w-full">
          <Badge>
            {ROLE_WORDS[grant.role].label}
            <span className="ml-1 font-normal text-ink-faint">{patternInWords(grant.environmentPattern)}</span>
          </Badge>
        </li>
      ))}
    </ul>
  );
}
