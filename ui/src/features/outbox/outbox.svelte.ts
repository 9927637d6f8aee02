// The outbox: what waits to be sent, in order, as in a post office.
import type { Client } from "../../api/client";
import type { OutboxItem } from "../../api/generated";
import type { Notices } from "../notices/notices.svelte";

export class Outbox {
  items = $state<OutboxItem[]>([]);
  readonly #client: Client;
  readonly #notices: Notices;

  constructor(client: Client, notices: Notices) {
    this.#client = client;
    this.#notices = notices;
  }

  async read(): Promise<void> {
    try {
      this.items = await this.#client.call("outbox", null);
    } catch (thrown) {
      this.#notices.report(thrown);
    }
  }
}
