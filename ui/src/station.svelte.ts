// The whole window as one value: its stores, the place shown, and what each event of the core
// means for them. Components get it as a property; nothing here draws.
import type { Client, Unsubscribe } from "./api/client";
import type { Tag, Work } from "./api/generated";
import { Copies } from "./features/copies/copies.svelte";
import { Desk } from "./features/desk/desk.svelte";
import { PageDrag } from "./features/desk/drag.svelte";
import { Retouch } from "./features/desk/retouch.svelte";
import { Zoom } from "./features/desk/zoom.svelte";
import { CardReader } from "./features/dossier/card";
import { CaseStore } from "./features/dossier/case.svelte";
import { Dossiers } from "./features/dossiers/dossiers.svelte";
import { PaperFields } from "./features/fields/fields.svelte";
import { Keyring } from "./features/keyring/keyring.svelte";
import { Notices } from "./features/notices/notices.svelte";
import { Outbox } from "./features/outbox/outbox.svelte";
import { Results } from "./features/results/results.svelte";
import { ReviewStore } from "./features/review/review.svelte";
import { Scanner } from "./features/scan/scanner.svelte";
import { WhereaboutsStore } from "./features/session/whereabouts.svelte";
import { Session } from "./features/session/session.svelte";
import { Training } from "./features/training/training.svelte";
import { Verifying } from "./features/verify/verify.svelte";

export const PLACES = ["desk", "dossiers", "copies", "outbox", "verify", "keys"] as const;
export type Place = (typeof PLACES)[number];

/** How often the core hears whether somebody is there, ms. */
const TICK = 20_000;

export class Station {
  place = $state<Place>("desk");
  keysShown = $state(false);
  dragging = $state(false);
  /** The counter was read, and the clerk is where he was. What is pressed before waits for it. */
  ready: Promise<void> = Promise.resolve();
  readonly client: Client;
  readonly notices = new Notices();
  readonly session: Session;
  readonly desk: Desk;
  readonly drag: PageDrag;
  readonly scanner: Scanner;
  readonly retouch: Retouch;
  readonly zoom = new Zoom();
  readonly whereabouts: WhereaboutsStore;
  readonly fields: PaperFields;
  readonly review: ReviewStore;
  readonly case: CaseStore;
  readonly results: Results;
  readonly dossiers: Dossiers;
  readonly reader: CardReader;
  readonly copies: Copies;
  readonly outbox: Outbox;
  readonly verifying: Verifying;
  readonly keyring: Keyring;
  readonly training = new Training();
  #stops: Unsubscribe[] = [];
  #moved = false;
  /** Whose key was open last. */
  #clerk = 0;

  constructor(client: Client) {
    this.client = client;
    this.session = new Session(client);
    this.desk = new Desk(client, this.notices);
    this.drag = new PageDrag(this.desk);
    this.scanner = new Scanner(client, this.desk, this.notices);
    this.retouch = new Retouch(this.desk);
    this.whereabouts = new WhereaboutsStore(client, this.desk);
    this.fields = new PaperFields(client, this.notices);
    this.review = new ReviewStore(client, this.desk, this.fields, this.notices, this.session);
    this.case = new CaseStore(client, this.desk, this.notices);
    this.results = new Results(client, this.desk, this.session);
    this.reader = new CardReader((text) => void this.case.card(text));
    this.dossiers = new Dossiers(client, this.notices);
    this.copies = new Copies(client, this.notices);
    this.outbox = new Outbox(client, this.notices);
    this.verifying = new Verifying(client, this.notices);
    this.keyring = new Keyring(client, this.session, this.notices);
    this.desk.onDraft = (draft, force) => {
      this.fields.spot = this.desk.spot;
      this.fields.adopt(draft, force);
      this.case.adopt(draft, force);
    };
  }

  /** Nothing on the desk may change now: something is arriving, or being signed. */
  get fixed(): boolean {
    return this.review.running || this.desk.importing;
  }

  async start(): Promise<void> {
    const { client } = this;
    this.#stops = [
      client.on("stale", ({ tags }) => tags.forEach((tag) => this.#read(tag))),
      client.on("progress", (progress) => {
        if (progress.stage === "backup") this.session.backup = progress;
        else if (progress.stage === "extend") this.copies.extending &&= progress;
        else if (this.review.running) this.review.progress = progress;
        else if (progress.stage === "import" || progress.stage === "scan") this.desk.heard(progress);
      }),
      client.on("imported", (report) => {
        this.go("desk");
        this.desk.landed(report);
      }),
      client.on("verified", (view) => {
        this.verifying.result = view;
        this.go("verify");
      }),
      client.on("unverified", (error) => {
        // It is no verdict on the file that was dropped now.
        this.verifying.result = null;
        this.notices.report(error);
      }),
      client.on("failed", (error) => {
        this.desk.stopped();
        this.notices.report(error);
      }),
      client.on("dragging", (over) => (this.dragging = over)),
    ];
    const ticking = setInterval(() => void this.tick(), TICK);
    // A window that was out of sight may have slept over the end of the shift.
    const seen = (): unknown => document.visibilityState === "visible" && this.tick();
    document.addEventListener("visibilitychange", seen);
    this.#stops.push(() => clearInterval(ticking), () => document.removeEventListener("visibilitychange", seen), () => this.whereabouts.stop());
    await this.session.read();
    if (this.session.phase === "open") await this.#open();
  }

  stop(): void {
    this.#stops.forEach((stop) => stop());
    this.#stops = [];
  }

  async unlock(clerk: number | null, pin: string): Promise<void> {
    if (await this.session.unlock(clerk, pin)) await this.#open();
  }

  async setUp(...wish: Parameters<Session["setUp"]>): Promise<void> {
    if (await this.session.setUp(...wish)) await this.#open();
  }

  async lock(): Promise<void> {
    if (this.review.running) return;
    try {
      // What is typed goes to the disk first; if it cannot, it stays in the form and the lock waits.
      if ((await this.fields.flush()) && (await this.case.flush())) await this.session.lock();
    } catch (thrown) {
      this.notices.report(thrown);
    }
  }

  /** A key or the mouse moved: somebody is there. */
  moved(): void {
    this.#moved = true;
  }

  /** Tells the core whether somebody is there; it may have locked the key meanwhile. */
  async tick(): Promise<void> {
    if (this.session.phase !== "open") return;
    const active = this.#moved || this.review.running || this.desk.importing;
    this.#moved = false;
    try {
      const status = await this.client.call("alive", { active });
      // What is typed goes to the disk, which needs no key; it is there again behind the PIN.
      if (!status.unlocked) await Promise.all([this.fields.flush(), this.case.flush()]);
      this.session.status = status;
    } catch (thrown) {
      this.notices.report(thrown);
    }
  }

  async backUp(): Promise<void> {
    if (this.review.running || this.desk.importing) return;
    this.notices.clear();
    try {
      await this.session.backUp();
    } catch (thrown) {
      this.notices.report(thrown);
    }
  }

  go(place: Place): void {
    this.keysShown = false;
    if (this.place === place) return;
    this.place = place;
    this.notices.clear();
    if (place === "keys") this.keyring.enter();
    // How results stand follows the pages on the desks, which make no list stale.
    if (place === "dossiers") void this.dossiers.read();
    this.#sayDropTarget();
  }

  /** Shows another desk; what is typed at this one goes to the disk first. */
  async leaveDesk(then: () => unknown): Promise<void> {
    if (this.review.running || this.desk.importing) return;
    if (!((await this.fields.flush()) && (await this.case.flush()))) return;
    this.review.close();
    this.results.close();
    await then();
    this.go("desk");
    this.#sayDropTarget();
  }

  /** Stops what is on its way: pages, a backup, copies that are made to last. */
  async cancel(work: Work): Promise<void> {
    try {
      await this.client.call("cancel", { work });
    } catch (thrown) {
      this.notices.report(thrown);
    }
  }

  /** Goes to the first desk that was opened for a further dossier of a stack. */
  async goToOpened(): Promise<void> {
    const [first] = this.desk.opened;
    if (first !== undefined) await this.leaveDesk(() => this.desk.switchTo(first));
  }

  /** Sets where the next pages land, or takes the mark away. */
  setMark(page = this.desk.cursor): void {
    this.desk.setMark(page);
    this.#sayDropTarget();
  }

  /** Goes to a paper of the dossier shown. */
  async choosePaper(place: number): Promise<void> {
    if (place === this.desk.paper || !(await this.fields.flush())) return;
    this.desk.paper = place;
    this.fields.spot = this.desk.spot;
    if (this.desk.draft) this.fields.adopt(this.desk.draft, true);
    const first = this.desk.pages.findIndex((page) => page.place === place);
    if (first >= 0) this.desk.show(first);
    this.#sayDropTarget();
  }

  async #open(): Promise<void> {
    this.notices.clear();
    this.session.remember();
    const clerk = this.session.status?.clerk_id ?? 0;
    if (clerk !== this.#clerk) {
      this.review.forget();
      this.keyring.leave();
    }
    this.#clerk = clerk;
    this.#sayDropTarget();
    this.ready = (async () => {
      await Promise.all([this.desk.read(true), this.scanner.read(), this.fields.readTypes(), this.copies.read(), this.outbox.read(), this.dossiers.read(), this.keyring.read()]);
      await this.whereabouts.restore();
    })();
    await this.ready;
  }

  #sayDropTarget(): void {
    const target = this.place === "verify" ? "verify" : "pages";
    this.client.call("drop_target", { target, landing: this.desk.landing }).catch((thrown: unknown) => this.notices.report(thrown));
  }

  #read(tag: Tag): void {
    if (tag === "status") void this.session.read();
    if (this.session.phase !== "open") return;
    if (tag === "draft") void this.desk.read();
    if (tag === "copies") void this.copies.read();
    if (tag === "outbox") void this.outbox.read();
    if (tag === "keys") void this.keyring.read();
    if (tag === "dossiers") void this.dossiers.read();
    if (tag === "catalogue") void Promise.all([this.dossiers.readCatalogue(), this.fields.readTypes()]);
  }
}
