// Where the clerk is: kept on disk as it changes, and found again after the program was killed.
import { tick } from "svelte";
import type { Client } from "../../api/client";
import type { Desk } from "../desk/desk.svelte";

/** Changes this close to each other are kept together, milliseconds. */
const PAUSE = 400;

export class WhereaboutsStore {
  /** The field that has the focus. */
  field = $state<string | null>(null);

  #timer: ReturnType<typeof setTimeout> | undefined;
  #kept = "";
  /** Nothing is kept before it is known where the clerk was. */
  #ready = false;
  readonly #client: Client;
  readonly #desk: Desk;

  constructor(client: Client, desk: Desk) {
    this.#client = client;
    this.#desk = desk;
  }

  /** Keeps the place after a pause; called whenever a part of it changes. */
  keep(): void {
    const place = { desk: this.#desk.id, paper: this.#desk.paper, page: this.#desk.cursor, field: this.field };
    const text = JSON.stringify(place);
    if (!this.#ready || text === this.#kept) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#kept = text;
      // A place that could not be kept is found at the beginning; nothing else is lost.
      this.#client.call("keep_whereabouts", place).catch(() => undefined);
    }, PAUSE);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Goes back to where the clerk was. */
  async restore(): Promise<void> {
    const place = await this.#client.call("whereabouts", null).catch(() => null);
    this.#ready = true;
    if (place === null) return;
    if (place.desk !== this.#desk.id) await this.#desk.switchTo(place.desk);
    this.#desk.paper = place.paper;
    // The form then is that of the paper.
    if (place.paper > 0) await this.#desk.read(true);
    const page = this.#desk.pages.findIndex((one) => one.id === place.page);
    if (page >= 0) this.#desk.show(page);
    await tick();
    if (place.field !== null) document.getElementById(place.field)?.focus();
  }
}
