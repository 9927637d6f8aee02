// Scanning by the counter's profiles. A feeder that sees one side takes a stack in two passes: the
// fronts, then, turned over by hand, the backs; what came becomes sheets again.
import type { Client, PageId } from "../../api/client";
import type { Landing, ScanProfile } from "../../api/generated";
import type { Desk } from "../desk/desk.svelte";
import type { Notices } from "../notices/notices.svelte";

/** Profiles that have a key, F2 to F9. */
export const MOST_KEYS = 8;

/** The first pass is done; the stack is to be turned over. */
type Turning = { profile: string; landing: Landing; fronts: PageId[]; backs: PageId[] };

export class Scanner {
  profiles = $state.raw<ScanProfile[]>([]);
  /** The profiles are not read yet. */
  unread = $state(true);
  /** Name of the profile used last. */
  last = $state<string | null>(null);
  turning = $state.raw<Turning | null>(null);
  /** Two passes that do not fit: how many pages each had. */
  uneven = $state.raw<{ fronts: number; backs: number } | null>(null);
  readonly #client: Client;
  readonly #desk: Desk;
  readonly #notices: Notices;
  #work: Promise<void> = Promise.resolve();

  constructor(client: Client, desk: Desk, notices: Notices) {
    this.#client = client;
    this.#desk = desk;
    this.#notices = notices;
    desk.onChange = () => this.forget();
  }

  async read(): Promise<void> {
    try {
      this.profiles = await this.#client.call("scan_profiles", null);
      this.unread = false;
    } catch (thrown) {
      this.#notices.report(thrown);
    }
  }

  /** Number of the key of a profile: F2 is the first. */
  keyOf(name: string): string {
    const at = this.profiles.findIndex((one) => one.name === name);
    return at >= 0 && at < MOST_KEYS ? `F${at + 2}` : "";
  }

  /** Waits no longer for a stack to be turned. */
  forget(): void {
    this.turning = null;
    this.uneven = null;
  }

  /** Scans by a profile; for a stack whose fronts are here and that was turned over, its backs. */
  scan(profile: ScanProfile): Promise<void> {
    return this.#one(async () => {
      const turning = this.turning?.profile === profile.name ? this.turning : null;
      this.last = profile.name;
      if (profile.sides !== "manual") await this.#pass(profile, this.#desk.landing);
      else if (turning === null) await this.#fronts(profile);
      else await this.#backs(profile, turning);
    });
  }

  /** Scans the page shown large again, in its place, the way the last one was scanned. */
  again(): Promise<void> {
    return this.#one(async () => {
      const profile = this.profiles.find((one) => one.name === this.last) ?? this.profiles[0];
      const replaces = this.#desk.cursor;
      if (profile && replaces !== null) await this.#pass(profile, { ...this.#desk.landing, before: null, replaces });
    });
  }

  async #fronts(profile: ScanProfile): Promise<void> {
    const { landing } = this.#desk;
    const fronts = await this.#pass(profile, landing);
    if (fronts && fronts.length > 0) this.turning = { profile: profile.name, landing, fronts, backs: [] };
  }

  async #backs(profile: ScanProfile, turning: Turning): Promise<void> {
    const known = this.#desk.places;
    const whole = await this.#pass(profile, turning.landing);
    const came = this.#desk.pages.map((page) => page.id).filter((id) => !known.has(id));
    const backs = [...turning.backs, ...came];
    if (whole === null) {
      // A jam, or stopped: what came is kept, the rest of the backs follows with the same key.
      this.turning = { ...turning, backs };
      return;
    }
    const { fronts } = turning;
    if (backs.length === fronts.length) await this.#desk.interleave([...fronts, ...backs]);
    else this.uneven = { fronts: fronts.length, backs: backs.length };
  }

  /** One scan after the other: a key pressed while pages come does nothing. */
  #one(work: () => Promise<void>): Promise<void> {
    if (!this.#desk.importing) this.#work = this.#work.then(work);
    return this.#work;
  }

  #pass({ name }: ScanProfile, landing: Landing): Promise<PageId[] | null> {
    return this.#desk.bring((to) => this.#client.call("scan", { landing: to, profile: name }), landing);
  }
}
