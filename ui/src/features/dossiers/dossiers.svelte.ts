// The dossiers of the counter and the catalogue they are received under.
import type { Client } from "../../api/client";
import type { CatalogueChange, CatalogueVersion, DossierView, FormKind, Holder, LineIssue, Move } from "../../api/generated";
import { asCoreError } from "../../api/client";
import { fold } from "../../texts/format";
import type { Notices } from "../notices/notices.svelte";

/** Moves the citizen is told of in writing. */
const NEED_REASON: Move[] = ["refuse", "ask_supplement", "withdraw", "stop"];

export class Dossiers {
  all = $state<DossierView[]>([]);
  sought = $state("");
  chosen = $state<string | null>(null);
  reason = $state("");
  /** The official code that is being typed. */
  number = $state("");
  versions = $state<CatalogueVersion[]>([]);
  preview = $state<CatalogueChange | null>(null);
  /** What was imported last. */
  imported = $state.raw<CatalogueChange | null>(null);
  lines = $state<LineIssue[]>([]);
  effective = $state("");
  working = $state(false);
  readonly found = $derived.by(() => {
    const sought = fold(this.sought.trim());
    if (sought === "") return this.all;
    return this.all.filter((one) => fold(`${one.code} ${one.owner.name} ${one.owner.number} ${one.procedure_name}`).includes(sought));
  });
  readonly current = $derived(this.found.find((one) => one.dossier === this.chosen) ?? null);
  readonly #client: Client;
  readonly #notices: Notices;

  constructor(client: Client, notices: Notices) {
    this.#client = client;
    this.#notices = notices;
  }

  async read(): Promise<void> {
    await this.#try(async () => (this.all = await this.#client.call("dossiers", { from: "", until: "" })));
  }

  async readCatalogue(): Promise<void> {
    await this.#try(async () => (this.versions = await this.#client.call("catalogue_versions", null)));
  }

  /** First day of the version in force, where that is after a day: what began then is never used. */
  overtaking(day: string): string | null {
    const now = this.versions.find((one) => one.in_force)?.effective_from ?? "";
    return day !== "" && day < now ? now : null;
  }

  needsReason(move: Move): boolean {
    return NEED_REASON.includes(move);
  }

  async move(move: Move, holder: Holder | null = null): Promise<void> {
    const dossier = this.current?.dossier;
    if (dossier === undefined || this.working) return;
    this.working = true;
    this.#notices.clear();
    await this.#try(async () => {
      await this.#client.call("move_dossier", { dossier, move, reason: this.reason, holder });
      this.reason = "";
      await this.read();
    });
    this.working = false;
  }

  /** Gives the dossier chosen the official code it waits for. */
  async name(): Promise<void> {
    const dossier = this.current?.dossier;
    if (dossier === undefined || this.working || this.number.trim() === "") return;
    this.working = true;
    this.#notices.clear();
    await this.#try(async () => {
      await this.#client.call("name_dossier", { dossier, code: this.number.trim() });
      this.number = "";
      await this.read();
    });
    this.working = false;
  }

  async print(form: FormKind, of: string): Promise<void> {
    this.#notices.clear();
    await this.#try(() => this.#client.call("print_form", { form, of }));
  }

  /** Chooses a catalogue file and shows what it changes; nothing is kept yet. */
  async chooseCatalogue(): Promise<void> {
    this.lines = [];
    this.imported = null;
    this.#notices.clear();
    try {
      this.preview = await this.#client.call("catalogue_dialog", null);
    } catch (thrown) {
      this.preview = null;
      this.lines = asCoreError(thrown).lines;
      this.#notices.report(thrown);
    }
  }

  async importCatalogue(effective_from: string): Promise<void> {
    const sha256 = this.preview?.sha256;
    if (sha256 === undefined || this.working) return;
    this.working = true;
    this.#notices.clear();
    await this.#try(async () => {
      this.imported = await this.#client.call("import_catalogue", { sha256, effective_from });
      this.preview = null;
      await this.readCatalogue();
    });
    this.working = false;
  }

  async #try(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      this.#notices.report(thrown);
    }
  }
}
