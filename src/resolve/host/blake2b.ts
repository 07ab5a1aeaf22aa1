/** Initial state: that of SHA-512. Source: RFC 7693, section 2.6. */
const initial = [
  0x6a09e667f3bcc908n,
  0xbb67ae8584caa73bn,
  0x3c6ef372fe94f82bn,
  0xa54ff53a5f1d36f1n,
  0x510e527fade682d1n,
  0x9b05688c2b3e6c1fn,
  0x1f83d9abfb41bd6bn,
  0x5be0cd19137e2179n,
];

/** Message schedule of ten rounds, a hexadecimal digit for each word; two more rounds repeat the first. Source: RFC 7693, section 2.7. */
const schedule = [
  "0123456789abcdef",
  "ea489fd61c02b753",
  "b8c052fdae367194",
  "7931dcbe265a40f8",
  "905724afe1bc683d",
  "2c6a0b834d75fe19",
  "c51fed4a0763928b",
  "db7ec13950f4862a",
  "6fe9b308c2d714a5",
  "a2847615fb9e3cd0",
].map((row) => Array.from(row, (digit) => Number.parseInt(digit, 16)));

/** Columns and diagonals of the state that a round mixes. */
const mixed = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
] as const;

const rounds = 12;
const digestLength = 20;
const blockLength = 128;

/**
 * BLAKE2b with a digest of 20 octets of an ASCII text of one block.
 *
 * Node's OpenSSL has the 64-octet digest only, of which this one is no part. Source: RFC 7693.
 */
export function blake2b160(text: string): Uint8Array {
  const block = new Uint8Array(blockLength);
  block.set(new TextEncoder().encode(text));
  const words = new BigUint64Array(block.buffer);
  const first = initial.map((word, index) => (index === 0 ? word ^ 0x01010000n ^ BigInt(digestLength) : word));
  const state = BigUint64Array.from([...first, ...initial]);
  state[12] = at(state, 12) ^ BigInt(text.length);
  state[14] = ~at(state, 14);
  for (let round = 0; round < rounds; round++) {
    const order = schedule[round % schedule.length] ?? [];
    mixed.forEach((place, index) => mix(state, place, at(words, order[2 * index] ?? 0), at(words, order[2 * index + 1] ?? 0)));
  }
  const result = BigUint64Array.from(first, (word, index) => word ^ at(state, index) ^ at(state, index + 8));
  return new Uint8Array(result.buffer).slice(0, digestLength);
}

function mix(state: BigUint64Array, [a, b, c, d]: readonly [number, number, number, number], x: bigint, y: bigint): void {
  const step = (word: bigint, shiftD: bigint, shiftB: bigint): void => {
    state[a] = at(state, a) + at(state, b) + word;
    state[d] = rotate(at(state, d) ^ at(state, a), shiftD);
    state[c] = at(state, c) + at(state, d);
    state[b] = rotate(at(state, b) ^ at(state, c), shiftB);
  };
  step(x, 32n, 24n);
  step(y, 16n, 63n);
}

function rotate(word: bigint, bits: bigint): bigint {
  return BigInt.asUintN(64, (word >> bits) | (word << (64n - bits)));
}

function at(words: BigUint64Array, index: number): bigint {
  return words[index] ?? 0n;
}
