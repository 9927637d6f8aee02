// Who sits at the counter and whether the key is open. A PIN passes through and is kept nowhere.
import { asCoreError, type Client } from "../../api/client";
import type { ClerkView, CoreError, Role, SetUp, StatusView } from "../../api/generated";
import { keep, kept } from "../../kept";

export type Phase = "loading" | "failed" | "set_up" | "locked" | "open";

export class Session {
  status = $state<StatusView | null>(null);
  /** Everybody who signs or signed here, the agency's key among them. */
  clerks = $state<ClerkView[]>([]);
  failure = $state<CoreError | null>(null);
  /** The answer to the last PIN or set-up, shown beside the form. */
  refused = $state<CoreError | null>(null);
  busy = $state(false);
  /** How far a backup is; null when none runs. */
  backup = $state<{ page: number; of: number } | null>(null);
  readonly phase = $derived<Phase>(
    this.status === null
      ? this.failure ? "failed" : "loading"
      : !this.status.ready ? "set_up" : this.status.unlocked ? "open" : "locked",
  );
  /** Who may open the counter. */
  readonly present = $derived(this.clerks.filter((one) => !one.agency && !one.left));
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  async read(): Promise<void> {
    try {
      this.status = await this.#client.call("status", null);
      this.failure = null;
    } catch (thrown) {
      this.failure = asCoreError(thrown);
    }
  }

  /** Rejects with what went wrong. */
  async readClerks(): Promise<void> {
    this.clerks = await this.#client.call("clerks", null);
  }

  /** Who worked here last; else the first one. */
  get last(): ClerkView | undefined {
    return this.present.find((one) => String(one.clerk) === kept("clerk")) ?? this.present[0];
  }

  /** The documented PIN of a training counter; it is the first clerk's, also when that one has left. Others have their own. */
  trainingPin(clerk: number | undefined): string | null {
    const first = this.clerks.find((one) => !one.agency);
    return first && clerk === first.clerk ? (this.status?.training_pin ?? null) : null;
  }

  /** The clerk whose key is open may do such work. */
  may(...roles: Role[]): boolean {
    return roles.some((role) => this.status?.roles.includes(role));
  }

  /** Opens a clerk's key; without a row that of the only clerk. */
  unlock(clerk: number | null, pin: string): Promise<boolean> {
    return this.#enter(() => this.#client.call("unlock", { clerk, pin }));
  }

  /** Whoever has the key open now is offered first at the gate next time, on this PC. */
  remember(): void {
    if (this.status) keep("clerk", String(this.status.clerk_id));
  }

  setUp(wish: SetUp): Promise<boolean> {
    return this.#enter(() => this.#client.call("set_up", wish));
  }

  async lock(): Promise<void> {
    this.refused = null;
    this.status = await this.#client.call("lock", null);
  }

  /** Copies the counter to its backup folder. Rejects with what went wrong. */
  async backUp(): Promise<void> {
    if (this.backup) return;
    this.backup = { page: 0, of: 0 };
    try {
      this.status = await this.#client.call("back_up", null);
    } finally {
      this.backup = null;
    }
  }

  async #enter(open: () => Promise<StatusView>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.refused = null;
    try {
      this.status = await open();
      return true;
    } catch (thrown) {
      this.refused = asCoreError(thrown);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
