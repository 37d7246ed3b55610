/** Vendor and connection in one phrase; a connection that carries the vendor's name says it once. */
export function throughOf({ label, connectionName }: { label: string; connectionName: string }): string {
  return connectionName.includes(label) ? connectionName : `${label}, ${connectionName}`;
}
