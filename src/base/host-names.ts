/**
 * Which name stands for which known host: the host's own, or one with the same first label where one of the two is without its domain.
 *
 * Agents call a host by its configuration, dumps by what the machine calls itself. Names that two hosts could mean stand for none.
 */
export function matchHostNames(known: readonly string[], names: readonly string[]): Map<string, string> {
  const hosts = new Set(known);
  const matched = new Map(names.flatMap((name) => (hosts.has(name) ? [[name, name] as const] : [])));
  const openHosts = byLabel(known.filter((host) => !matched.has(host)));
  const openNames = byLabel(names.filter((name) => !matched.has(name)));
  for (const [label, [host, ...otherHosts]] of openHosts) {
    const [name, ...otherNames] = openNames.get(label) ?? [];
    if (host === undefined || name === undefined || otherHosts.length + otherNames.length > 0) continue;
    if (!host.includes(".") || !name.includes(".") || host.toLowerCase() === name.toLowerCase()) matched.set(host, name);
  }
  return matched;
}

function byLabel(names: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const label = (name.split(".")[0] ?? name).toLowerCase();
    const group = groups.get(label);
    if (group === undefined) groups.set(label, [name]);
    else group.push(name);
  }
  return groups;
}
