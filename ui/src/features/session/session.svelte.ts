// Who sits at the counter and whether the key is open. A PIN passes through and is kept nowhere.
import { asCoreError, type Client } from "../../api/client";
import type { CoreError, SetUp, StatusView } from "../../api/generated";

export type Phase = "loading" | "failed" | "set_up" | "locked" | "open";

export class Session {
  status = $state<StatusView | null>(null);
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

  unlock(pin: string): Promise<boolean> {
    return this.#enter(() => this.#client.call("unlock", { pin }));
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
