/** A port number with the bits of it that count. */
export interface MaskedPort {
  readonly value: number;
  readonly mask: number;
}

/** Ports are 16 bits wide. */
const allBits = 0xffff;

/**
 * The fewest aligned power-of-two blocks that make up a range of ports.
 *
 * Shape: `min` and `max` from 0 to 65535, both inclusive. A block of one port is the plain number.
 * Order: ascending.
 * Source: Neutron `neutron.common.utils.port_rule_masking`.
 */
export function portMasks(min: number, max: number): (number | MaskedPort)[] {
  const blocks: (number | MaskedPort)[] = [];
  for (let first = min; first <= max;) {
    let size = 1;
    while (first % (size * 2) === 0 && first + size * 2 - 1 <= max) size *= 2;
    blocks.push(size === 1 ? first : { value: first, mask: allBits & ~(size - 1) });
    first += size;
  }
  return blocks;
}
