// A result that came from the department is entered at the desk of its dossier. A refusal wipes nothing.
import { asCoreError, type Client } from "../../api/client";
import type { CoreError, Outcome } from "../../api/generated";
import { fold } from "../../texts/format";
import { words } from "../../texts/index.svelte";
import type { Desk } from "../desk/desk.svelte";
import { whyNot } from "../session/rights";
import type { Session } from "../session/session.svelte";

export class Results {
  /** The result being entered, as typed. */
  typed = $state<Outcome | null>(null);
  refused = $state<CoreError | null>(null);
  working = $state(false);
  readonly #client: Client;
  readonly #desk: Desk;
  readonly #session: Session;

  constructor(client: Client, desk: Desk, session: Session) {
    this.#client = client;
    this.#desk = desk;
    this.#session = session;
  }

  /** Why none can be entered now; `undefined` = it can. */
  get why(): string | undefined {
    const dossier = this.#desk.case?.dossier;
    if (!dossier) return words.t.dossier.notReceived;
    if (!["in_progress", "fee_asked", "done", "returned"].includes(dossier.state)) return words.t.results.notHandedOver(words.t.dossiers.state[dossier.state]);
    return dossier.provisional ? words.t.results.noNumber : whyNot(this.#session, "counter");
  }

  /** What the procedure names and what is typed agree. */
  get found(): Outcome[] {
    const sought = fold(this.typed?.code.trim() ?? "");
    return (this.#desk.case?.outcomes ?? []).filter((one) => fold(`${one.code} ${one.name}`).includes(sought));
  }

  begin(): void {
    if (this.why === undefined) this.typed = { code: "", name: "" };
    this.refused = null;
  }

  close(): void {
    this.typed = null;
    this.refused = null;
  }

  /** Enters it; answers its place, where its pages go next. */
  async add(): Promise<number | null> {
    if (!this.typed || this.working) return null;
    const wish = { desk: this.#desk.id, ...this.typed };
    this.working = true;
    this.refused = null;
    const before = this.#desk.case?.papers.length ?? 0;
    await this.#desk.adopt(async () => {
      try {
        const draft = await this.#client.call("add_result", wish);
        this.typed = null;
        return draft;
      } catch (thrown) {
        this.refused = asCoreError(thrown);
        return null;
      }
    });
    this.working = false;
    return this.#desk.case?.papers[before]?.place ?? null;
  }
}
