interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
}

/** Every key of the settings' schema as `a.b`, entries of lists as `*`; not those of a secret. */
export function schemaKeys(node: Node, path: readonly string[] = []): readonly string[] {
  const branches = (node.anyOf ?? []).flatMap(branch => schemaKeys(branch, path));
  const items = node.items === undefined ? [] : schemaKeys(node.items, [...path, '*']);
  const own = Object.entries(node.properties ?? {}).flatMap(([key, child]) =>
    key === 'env' || (key === 'file' && path[0] !== 'audit')
      ? []
      : [[...path, key].join('.'), ...schemaKeys(child, [...path, key])],
  );
  return [...branches, ...items, ...own];
}
