// The list of copies: what was signed at this counter and where each one stands.
import type { Client } from "../../api/client";
import type { CopyView, LastingView, VerifyView } from "../../api/generated";
import { fold } from "../../texts/format";
import type { Notices } from "../notices/notices.svelte";

export class Copies {
  all = $state<CopyView[]>([]);
  sought = $state("");
  chosen = $state<string | null>(null);
  verified = $state<{ record: string; view: VerifyView } | null>(null);
  verifying = $state<string | null>(null);
  /** How far the work is that makes copies last; null when it does not run. */
  extending = $state<{ page: number; of: number } | null>(null);
  /** What came of it last. */
  lasting = $state.raw<LastingView | null>(null);
  readonly found = $derived.by(() => {
    const sought = fold(this.sought.trim());
    if (sought === "") return this.all;
    return this.all.filter((copy) => fold(`${copy.name} ${copy.code} ${copy.owner} ${copy.paper_type}`).includes(sought));
  });
  readonly current = $derived(this.found.find((copy) => copy.record === this.chosen) ?? null);
  readonly #client: Client;
  readonly #notices: Notices;

  constructor(client: Client, notices: Notices) {
    this.#client = client;
    this.#notices = notices;
  }

  async read(): Promise<void> {
    try {
      this.all = await this.#client.call("copies", null);
    } catch (thrown) {
      this.#notices.report(thrown);
    }
  }

  async open(record: string): Promise<void> {
    this.#notices.clear();
    try {
      await this.#client.call("open_copy", { record });
    } catch (thrown) {
      this.#notices.report(thrown);
    }
  }

  /** Makes every copy last, as far as the network allows now. */
  async extend(): Promise<void> {
    if (this.extending) return;
    this.extending = { page: 0, of: 0 };
    this.lasting = null;
    this.#notices.clear();
    try {
      this.lasting = await this.#client.call("extend_copies", null);
    } catch (thrown) {
      this.#notices.report(thrown);
    } finally {
      this.extending = null;
    }
  }

  async verify(record: string): Promise<void> {
    if (this.verifying !== null) return;
    this.verifying = record;
    this.verified = null;
    this.#notices.clear();
    try {
      this.verified = { record, view: await this.#client.call("verify_copy", { record }) };
    } catch (thrown) {
      this.#notices.report(thrown);
    } finally {
      this.verifying = null;
    }
  }
}
