// Verifying a file chosen or dropped: one file, one verdict with reasons.
import type { Client } from "../../api/client";
import type { VerifyView } from "../../api/generated";
import type { Notices } from "../notices/notices.svelte";

export class Verifying {
  result = $state<VerifyView | null>(null);
  busy = $state(false);
  readonly #client: Client;
  readonly #notices: Notices;

  constructor(client: Client, notices: Notices) {
    this.#client = client;
    this.#notices = notices;
  }

  /** Prints the sheet of a copy of ours, or of the file verified here, judged anew. */
  async print(record: string | null = null): Promise<void> {
    this.#notices.clear();
    try {
      await this.#client.call("print_verdict", { record });
    } catch (thrown) {
      this.#notices.report(thrown);
    }
  }

  async choose(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.#notices.clear();
    try {
      const view = await this.#client.call("verify_dialog", null);
      if (view) this.result = view; // null: the clerk closed the dialog; the last result stays.
    } catch (thrown) {
      this.result = null; // It is no verdict on the file that was chosen now.
      this.#notices.report(thrown);
    } finally {
      this.busy = false;
    }
  }
}
