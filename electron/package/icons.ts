// The program's icon, drawn from numbers: the sign of Foresend, what comes because of the emails over what comes anyway,
// in paper on ink. Each size is drawn for itself, several samples a pixel; the containers of Windows and macOS both take
// pictures in PNG.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';

/** Writes `icon.png` (512), `icon.ico` and `icon.icns`. */
export function drawIcons(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const drawn = new Map([16, 32, 48, 64, 128, 256, 512, 1_024].map((size) => [size, drawIcon(size)]));
  const of = (size: number) => drawn.get(size) ?? drawIcon(size);
  writeFileSync(join(folder, 'icon.png'), of(512));
  writeFileSync(join(folder, 'icon.ico'), ico([16, 32, 48, 64, 128, 256].map((size) => ({ size, png: of(size) }))));
  writeFileSync(
    join(folder, 'icon.icns'),
    icns([
      { kind: 'icp4', png: of(16) },
      { kind: 'icp5', png: of(32) },
      { kind: 'icp6', png: of(64) },
      { kind: 'ic07', png: of(128) },
      { kind: 'ic08', png: of(256) },
      { kind: 'ic09', png: of(512) },
      { kind: 'ic10', png: of(1_024) },
    ]),
  );
}

type Point = readonly [x: number, y: number];
type Colour = readonly [red: number, green: number, blue: number];

/** Nothing, ink, what comes anyway, paper. */
const COLOURS: readonly (Colour | null)[] = [null, [0x16, 0x19, 0x1d], [0x87, 0x92, 0xa0], [0xff, 0xff, 0xff]];

/** On a square of 18, as in the window; the later lies above. */
const LINES = [
  { points: curve([2, 14.5], [7, 14.5], [10, 12], [16, 12]), reach: 0.7, colour: 2 },
  { points: curve([2, 14.5], [8, 14.5], [8, 4], [16, 3.5]), reach: 1.15, colour: 3 },
] as const;

/** @returns a PNG with transparent corners */
export function drawIcon(size: number): Buffer {
  const across = size < 512 ? 4 : 2;
  const fine = size * across;
  const samples = sampled(fine);
  const rows = Buffer.alloc(size * (1 + size * 4));
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      let [red, green, blue, covered] = [0, 0, 0, 0];
      for (let s = 0; s < across * across; s++) {
        const at = (y * across + Math.floor(s / across)) * fine + x * across + (s % across);
        const colour = COLOURS[samples[at] ?? 0];
        if (colour === undefined || colour === null) continue;
        red += colour[0];
        green += colour[1];
        blue += colour[2];
        covered += 1;
      }
      const to = y * (1 + size * 4) + 1 + x * 4;
      if (covered > 0)
        rows.set(
          [red, green, blue].map((sum) => Math.round(sum / covered)),
          to,
        );
      rows[to + 3] = Math.round((covered / across ** 2) * 255);
    }
  }
  return png(size, rows);
}

/** What is seen at each sample, as an index into `COLOURS`. @param fine samples a side */
function sampled(fine: number): Uint8Array {
  const samples = new Uint8Array(fine * fine);
  const [half, round] = [0.9, 0.4];
  for (let y = 0; y < fine; y++) {
    for (let x = 0; x < fine; x++) {
      const right = Math.abs(((x + 0.5) / fine) * 2 - 1);
      const down = Math.abs(((y + 0.5) / fine) * 2 - 1);
      const corner = Math.hypot(Math.max(right - half + round, 0), Math.max(down - half + round, 0));
      if (right <= half && down <= half && corner <= round) samples[y * fine + x] = 1;
    }
  }
  for (const { points, reach, colour } of LINES) {
    // The sign takes two thirds of the width.
    const scale = (fine / 18) * 0.68;
    const middle = fine / 2;
    for (const [px, py] of points) {
      const [cx, cy] = [middle + (px - 9) * scale, middle + (py - 9) * scale];
      const radius = reach * scale;
      for (let y = Math.floor(cy - radius); y <= cy + radius; y++) {
        for (let x = Math.floor(cx - radius); x <= cx + radius; x++) {
          if ((x + 0.5 - cx) ** 2 + (y + 0.5 - cy) ** 2 <= radius ** 2) samples[y * fine + x] = colour;
        }
      }
    }
  }
  return samples;
}

/** A cubic curve as points close enough to be one line. */
function curve(a: Point, b: Point, c: Point, d: Point): Point[] {
  return Array.from({ length: 161 }, (_, i) => {
    const t = i / 160;
    const mix = (axis: 0 | 1) =>
      (1 - t) ** 3 * a[axis] + 3 * (1 - t) ** 2 * t * b[axis] + 3 * (1 - t) * t ** 2 * c[axis] + t ** 3 * d[axis];
    return [mix(0), mix(1)] as const;
  });
}

function png(size: number, rows: Buffer): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 6, 0, 0, 0], 8);
  const chunk = (kind: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
    return Buffer.concat([bytes32(data.length), body, bytes32(crc32(body))]);
  };
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const parts = [chunk('IHDR', head), chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([signature, ...parts]);
}

function ico(pictures: readonly { readonly size: number; readonly png: Buffer }[]): Buffer {
  const head = Buffer.alloc(6 + 16 * pictures.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(pictures.length, 4);
  let offset = head.length;
  for (const [i, { size, png: picture }] of pictures.entries()) {
    const at = 6 + 16 * i;
    // 256 is written as 0.
    head.set([size % 256, size % 256], at);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(picture.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += picture.length;
  }
  return Buffer.concat([head, ...pictures.map((one) => one.png)]);
}

function icns(pictures: readonly { readonly kind: string; readonly png: Buffer }[]): Buffer {
  const parts = pictures.map((one) =>
    Buffer.concat([Buffer.from(one.kind, 'latin1'), bytes32(one.png.length + 8), one.png]),
  );
  const length = parts.reduce((sum, part) => sum + part.length, 8);
  return Buffer.concat([Buffer.from('icns', 'latin1'), bytes32(length), ...parts]);
}

function bytes32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}
