// How large the page is shown and which part of it: 1 = the whole page fits. Kept while the clerk goes
// through the pages, so that the same corner of each can be compared.

/** Most that a page is enlarged beyond fitting. */
const MOST = 12;
const STEP = 1.25;
/** Widest picture that is asked for, px. */
const WIDEST = 4_000;
/** Width the page is first asked for at, px. */
export const BASE = 1_600;

type Size = { width: number; height: number };

export class Zoom {
  scale = $state(1);
  /** Where the middle of the page is, from the middle of its place, px. */
  x = $state(0);
  y = $state(0);
  /** The place the page is shown in, px. */
  room = $state.raw<Size>({ width: 0, height: 0 });
  /** The picture's own size when all of it is there, px. */
  picture = $state.raw<Size>({ width: 1, height: 1 });

  /** The page's size when it just fits. */
  readonly fit = $derived.by<Size>(() => {
    const by = Math.min(this.room.width / this.picture.width, this.room.height / this.picture.height);
    return { width: this.picture.width * by, height: this.picture.height * by };
  });
  readonly near = $derived(this.scale > 1);
  /** Scale at which the page is as wide as its place. */
  readonly across = $derived(this.fit.width > 0 ? Math.max(1, this.room.width / this.fit.width) : 1);
  /** Scale at which one pixel of the picture is one of the screen. */
  readonly natural = $derived(Math.max(1, Math.min(MOST, this.fit.width > 0 ? this.picture.width / this.fit.width : 2)));
  /** Of the picture's own pixels, per cent. */
  readonly percent = $derived(Math.round((this.scale / this.natural) * 100));
  /** Width of the picture to ask for: in steps, so that each is asked for once. */
  readonly width = $derived(
    this.near ? Math.min(WIDEST, Math.max(BASE, Math.ceil((this.fit.width * this.scale * density()) / 800) * 800)) : BASE,
  );

  in(): void {
    this.to(this.scale * STEP);
  }

  out(): void {
    this.to(this.scale / STEP);
  }

  /** The whole page, or one pixel for one. */
  turn(at = { x: 0, y: 0 }): void {
    this.to(this.near ? 1 : Math.max(this.natural, STEP), at);
  }

  /** `at`, from the middle of the place, stays where it is. */
  to(scale: number, at = { x: 0, y: 0 }): void {
    const next = Math.max(1, Math.min(scale, MOST));
    const by = next / this.scale;
    this.scale = next;
    this.put(at.x - (at.x - this.x) * by, at.y - (at.y - this.y) * by);
  }

  /** By a tenth of the place. */
  pan(x: -1 | 0 | 1, y: -1 | 0 | 1): void {
    this.put(this.x - (x * this.room.width) / 10, this.y - (y * this.room.height) / 10);
  }

  /** Moves the page; some of it always stays in its place. */
  put(x: number, y: number): void {
    const most = (room: number, size: number): number => Math.max(0, (size * this.scale - room) / 2);
    const [mx, my] = [most(this.room.width, this.fit.width), most(this.room.height, this.fit.height)];
    this.x = Math.max(-mx, Math.min(x, mx));
    this.y = Math.max(-my, Math.min(y, my));
  }
}

const density = (): number => globalThis.devicePixelRatio || 1;
