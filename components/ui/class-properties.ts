/** Which property a class sets, and which settings of other classes before it are void with it. */
interface ClassProperties {
  /** Null: a class that is never overruled. */
  sets: string | null;
  covers: readonly string[];
}

const SIDES = { '': ['x', 'y', 't', 'r', 'b', 'l'], x: ['r', 'l'], y: ['t', 'b'] } as Record<string, readonly string[]>;
const EDGES = ['inset-x', 'inset-y', 'top', 'right', 'bottom', 'left'];
const CORNERS = ['t', 'r', 'b', 'l', 'tl', 'tr', 'bl', 'br'];

/** What a property voids beside itself. */
const ALSO: Record<string, readonly string[]> = {
  size: ['w', 'h'],
  inset: EDGES,
  'inset-x': ['right', 'left'],
  'inset-y': ['top', 'bottom'],
  overflow: ['overflow-x', 'overflow-y'],
  gap: ['gap-x', 'gap-y'],
  rounded: CORNERS.map((corner) => `rounded-${corner}`),
  'rounded-t': ['rounded-tl', 'rounded-tr'],
  'rounded-r': ['rounded-tr', 'rounded-br'],
  'rounded-b': ['rounded-bl', 'rounded-br'],
  'rounded-l': ['rounded-tl', 'rounded-bl'],
  flex: ['basis', 'grow', 'shrink'],
  'font-size': ['leading'],
};

/** Whole classes and beginnings; the first that fits says the property, `$1` is what its brackets caught. */
const CLASSES: readonly [RegExp, string][] = [
  [/^(?:block|inline|inline-block|flex|inline-flex|grid|inline-grid|table|contents|flow-root|hidden)$/, 'display'],
  [/^(?:static|fixed|absolute|relative|sticky)$/, 'position'],
  [/^(?:visible|invisible)$/, 'visibility'],
  [/^-?([mp][xytrbl]?)-/, '$1'],
  [/^(?:min|max)-[wh]-/, '$&'],
  [/^(w|h|size|leading|tracking|opacity|cursor|whitespace|animate|duration|basis)-/, '$1'],
  [/^-?(inset-[xy]|inset|top|right|bottom|left|z|order)-/, '$1'],
  [/^(gap-[xy]|gap|overflow-[xy]|overflow)-/, '$1'],
  [/^(items|justify-self|justify-items|self|content)-/, '$1'],
  [/^justify-/, 'justify'],
  [/^align-/, 'align'],
  [/^(rounded-(?:[trbl][lr]?)|rounded)(?:-|$)/, '$1'],
  [/^text-(?:left|center|right|start|end|justify)$/, 'text-align'],
  [/^text-(?:\d*x[sl]|sm|base|md|lg|\[[\d.])/, 'font-size'],
  [/^text-(?:wrap|nowrap|balance|pretty)$/, 'text-wrap'],
  [/^(?:truncate|text-ellipsis|text-clip)$/, 'text-overflow'],
  [/^text-/, 'color'],
  [/^font-(?:sans|mono|serif)$/, 'font-family'],
  [/^font-/, 'font-weight'],
  [/^bg-/, 'background'],
  [/^border(?:-([xytrbl]))?(?:-\d+)?$/, 'border-width-$1'],
  [/^border-(?:solid|dashed|dotted|none)$/, 'border-style'],
  [/^border-(?:separate|collapse)$/, 'border-collapse'],
  [/^border-spacing-/, 'border-spacing'],
  [/^border-(?:([xytrbl])-)?/, 'border-color-$1'],
  [/^flex-(?:row|col)/, 'flex-direction'],
  [/^flex-(?:wrap|nowrap)/, 'flex-wrap'],
  [/^flex-/, 'flex'],
  [/^(shrink|grow)(?:-|$)/, '$1'],
  [/^grid-(cols|rows)-/, 'grid-$1'],
  [/^transition(?:-|$)/, 'transition'],
  [/^break-(?:words|all|normal|keep)$/, 'break'],
];

/** Padding, margin and borders: the whole voids its axes, an axis its sides. */
function sidesOf(property: string): readonly string[] {
  const found = /^([mp]|border-(?:width|color)-)([xy]?)$/.exec(property);
  return found ? (SIDES[found[2] ?? ''] ?? []).map((side) => `${found[1]}${side}`) : [];
}

/** `name` without variants and without the mark of importance. */
export function properties(name: string): ClassProperties {
  for (const [pattern, property] of CLASSES) {
    const found = pattern.exec(name);
    if (!found) continue;
    const sets = property.replace('$&', found[0]).replace('$1', found[1] ?? '');
    return { sets, covers: [sets, ...(ALSO[sets] ?? []), ...sidesOf(sets)] };
  }
  return { sets: null, covers: [] };
}
