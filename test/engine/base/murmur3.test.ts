import { describe, expect, it } from 'vitest';
import { murmur3, murmur3Text, saltedHash, saltedHasher } from '../../../engine/base/index.ts';
import { describeShared, reference } from '../../helpers/shared.ts';

const encoder = new TextEncoder();

describe('MurmurHash3_x86_32', () => {
  it("passes SMHasher's verification", () => {
    const hashes = new DataView(new ArrayBuffer(1024));
    const key = new Uint8Array(256);
    for (let i = 0; i < 256; i++) {
      key[i] = i;
      hashes.setUint32(i * 4, murmur3(key, 256 - i, 0, i), true);
    }
    expect(murmur3(new Uint8Array(hashes.buffer), 0)).toBe(0xb0f57ee3);
  });

  it('reads a stretch of a longer buffer', () => {
    const bytes = encoder.encode('xxhello, worldyyy');
    expect(murmur3(bytes, 7, 2, 14)).toBe(murmur3Text('hello, world', 7));
  });

  it('salts many ids as it salts one, however long they are', () => {
    const hash = saltedHasher('salt');
    for (const id of ['', 'a', 'é', '人', '😀', 'x'.repeat(255), 'y'.repeat(5000), 'short again']) {
      const bytes = encoder.encode(`..${id}..`);
      expect(hash(bytes, 2, bytes.length - 2)).toBe(saltedHash('salt', id));
      expect(saltedHash('salt', id)).toBe(murmur3Text(`salt\u001f${id}`));
    }
  });
});

describeShared('MurmurHash3 against two Go packages and a Perl module', () => {
  const hash = reference('hash.json');

  it('gives their vectors', () => {
    expect(hash.vectors.length).toBeGreaterThan(20);
    for (const v of hash.vectors) expect(murmur3Text(v.key, v.seed), JSON.stringify(v.key)).toBe(v.murmur3_x86_32);
  });

  it('gives the published ones', () => {
    const published = hash.published.murmur3_x86_32;
    expect(published.length).toBeGreaterThan(5);
    for (const v of published) {
      const bytes = Uint8Array.from(Buffer.from(v.bytes_hex, 'hex'));
      expect(murmur3(bytes, v.seed).toString(16).padStart(8, '0'), v.bytes_hex).toBe(v.hash);
    }
  });

  it('assigns the same people to the holdout', () => {
    expect(hash.assignment.length).toBeGreaterThan(5);
    for (const a of hash.assignment) {
      const h = saltedHash(a.salt, a.unit_id);
      expect(h).toBe(a.murmur3_x86_32);
      expect(h / 2 ** 32).toBe(a.bucket);
      for (const [fraction, held] of Object.entries(a.holdout_at)) expect(h / 2 ** 32 < Number(fraction)).toBe(held);
    }
  });

  it('holds out as many of 100,000 people, and as many under both salts', () => {
    const { n, salts, counts } = hash.bulk;
    const hashers = salts.map((salt: string) => saltedHasher(salt));
    const shares = Array.from({ length: n }, (_, i) => {
      const id = encoder.encode(`user_${i}`);
      return hashers.map((of: ReturnType<typeof saltedHasher>) => of(id, 0, id.length) / 2 ** 32);
    });
    for (const [fraction, expected] of Object.entries<Record<string, number>>(counts)) {
      const held = (k: number) => shares.filter((share) => share[k] < Number(fraction)).length;
      expect(held(0)).toBe(expected[salts[0]]);
      expect(held(1)).toBe(expected[salts[1]]);
      expect(shares.filter((share) => share.every((x: number) => x < Number(fraction))).length).toBe(expected['both']);
    }
  });
});
