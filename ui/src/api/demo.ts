// States of the counter in memory, to look at in a plain browser: ?demo=pages and so on. Loaded
// only when there is no Tauri.
import { tick } from "svelte";
import { look } from "../features/look/look.svelte";
import type { Station } from "../station.svelte";
import { words } from "../texts/index.svelte";
import { noTokens, SAMPLE_TOKENS, SAMPLE_TRUST, tokenOf } from "./memory-keys";
import { AGENCY_PIN, fault, finding, MEMORY_PIN, MemoryClient, noFields, type MemoryOptions } from "./memory";

const options: Record<string, MemoryOptions> = {
  first: { ready: false },
  locked: { unlocked: false },
  empty: {},
  pages: { pages: 5, findings: true, copies: 4 },
  many: { pages: 60, copies: 4 },
  review: { pages: 3, findings: true, copies: 4 },
  sign: { waiting: 20, copies: 4, pace: 60 },
  signed: { waiting: 20, copies: 4, pace: 0 },
  progress: { waiting: 20, copies: 4, pace: 400 },
  kept: { waiting: 6, copies: 4 },
  "kept-signed": { waiting: 6, copies: 4 },
  "kept-copies": { waiting: 6, copies: 4 },
  "kept-outbox": { waiting: 6, copies: 4 },
  keeping: { waiting: 6, copies: 4 },
  tall: { waiting: 2 },
  stale: { waiting: 3 },
  faulty: { waiting: 3 },
  unplugged: { waiting: 3, tokens: tokenOf("Nguyễn Thị Lan") },
  revoked: { waiting: 3 },
  "revoked-among": { waiting: 3, tokens: tokenOf("Phạm Thị Hoa") },
  number: { waiting: 1 },
  trust: {},
  errors: { pages: 3, copies: 4 },
  large: { waiting: 3, copies: 4 },
  fresh: {},
  catalogue: {},
  copies: { copies: 23 },
  lasting: { copies: 23, stamps: true },
  "no-copies": {},
  outbox: { copies: 9 },
  verify: {},
  verified: { copies: 2 },
  altered: { copies: 2 },
  keys: { pages: 3 },
  capture: { pages: 2, findings: true, pace: 10 },
  scanning: { pages: 4, findings: true, pace: 1500 },
  turning: { pace: 10 },
  thousands: { pages: 2_000 },
  "no-scanner": { pages: 3, profiles: [] },
  clerks: { unlocked: false, second: ["clerk"] },
  keyring: { second: ["clerk", "signer"], daysLeft: 59 },
  "keyring-clerk": { roles: ["clerk"], second: ["administrator"], daysLeft: -3 },
  "keyring-add": { second: ["clerk"] },
  tokens: { tokens: SAMPLE_TOKENS },
  "no-tokens": {},
  authority: { second: ["clerk"] },
  "no-authority": {},
  "unread-authority": {},
  "desk-results": { results: 2, agency: true, waiting: 1 },
  "list-results": { results: 2, waiting: 3 },
  "enter-result": { results: 0 },
  "sign-results": { results: 2, waiting: 3, agency: true },
  "signed-results": { results: 2, agency: true },
  "no-agency": { results: 1, waiting: 1 },
  "no-role": { results: 1, waiting: 1, agency: true, roles: ["administrator"] },
};

const asked = new URLSearchParams(location.search);
const name = asked.get("demo") ?? "locked";

const birth = {
  ...noFields, owner: "001087000001", paper_type: "KQ.G15.000031", name: "Giấy khai sinh", number: "45/2025",
  issued: "2025-03-01", issuer: "UBND xã Thử Nghiệm", permanent: true,
};

export function demoClient(): MemoryClient {
  if (asked.get("lang") === "en") words.choose("en");
  const client = new MemoryClient({ pace: 120, ...options[name] });
  if (["pages", "many", "review", "keys"].includes(name)) client.fields = birth;
  client.watchDrags();
  return client;
}

/** Brings the window into the state asked for, by the doors a clerk would use. */
export async function arrange(station: Station): Promise<void> {
  const client = station.client as MemoryClient;
  if (name === "pages" || name === "review") {
    await station.desk.import();
    await station.desk.read();
    station.desk.show(name === "pages" ? 6 : 0);
    if (name === "pages") client.pages = client.pages.map((page, i) => ({ ...page, saved: i !== 5 }));
    await station.desk.read();
  }
  if (name === "review") await station.review.begin();
  if (name === "progress" || name === "sign" || name === "signed") await station.desk.switchTo("d0");
  if (name === "progress") void station.review.begin();
  if (name === "sign" || name === "signed") await review(station, client);
  if (/^ke(pt|eping)/.test(name) || name === "tall") await kept(station, client);
  if (["stale", "faulty", "unplugged"].includes(name)) await fail(station, client);
  if (name.startsWith("revoked")) {
    client.keys.revoke(1);
    await station.keyring.read();
    await station.desk.switchTo("d0");
    await station.review.begin();
  }
  if (name === "number") {
    station.go("dossiers");
    await station.dossiers.read();
    station.dossiers.chosen = client.dossiers[0]?.dossier ?? null;
  }
  if (name === "errors") {
    station.fields.set("owner", "12345");
    station.fields.set("issued", "31/02/2025");
    await station.fields.flush();
    client.failNext.set("rotate_pages", fault("disk_full").error);
    await station.desk.rotate(1);
    await station.review.begin();
  }
  if (name === "large") {
    for (let step = 0; step < 2; step += 1) look.resize(1);
    await station.desk.switchTo("d0");
    await station.review.begin();
    await tick();
    station.review.focusPin();
  }
  if (name === "fresh") await station.desk.open();
  if (name === "catalogue") {
    station.go("dossiers");
    await station.dossiers.readCatalogue();
    await station.dossiers.chooseCatalogue();
    station.dossiers.effective = "01/11/2026";
  }
  if (name === "copies" || name === "no-copies") station.go("copies");
  if (name === "copies") {
    station.copies.chosen = "r20";
    await station.copies.verify("r20");
  }
  if (name === "lasting") {
    for (const [record, why] of [["r3", "no_evidence"], ["r7", "no_evidence"], ["r20", "bad_file"]] as const) client.stubborn.set(record, why);
    station.go("copies");
    await station.copies.extend();
  }
  if (name === "outbox") station.go("outbox");
  if (["verify", "verified", "altered"].includes(name)) station.go("verify");
  if (name === "altered") {
    await tick();
    client.drop(["giay-khai-sinh-sua.pdf"]);
  }
  if (name === "verified") await station.verifying.choose();
  if (name === "keys") station.keysShown = true;
  const profile = (at: number): Promise<void> => {
    const found = station.scanner.profiles[at];
    return found ? station.scanner.scan(found) : Promise.resolve();
  };
  if (name === "capture") {
    await profile(1);
    station.desk.show(5);
    await station.desk.blank();
    station.desk.show(0);
    await station.desk.mend("contrast");
    station.desk.show(4);
    station.setMark();
  }
  if (/keyring|tokens|authority|trust/.test(name)) await keyring(station, client);
  if (/result|agency|role/.test(name)) await results(station, client);
  if (name === "scanning") void profile(1);
  if (name === "turning") await profile(2);
  await tick();
}

/** Looks at the page shown and goes on, as somebody does who waits for the picture. */
function lookOn({ review }: Station): void {
  review.drew(review.shown, true);
  review.next();
}

/** Twenty papers under review: some looked at, one left out; then signed until the token is pulled out. */
async function review(station: Station, client: MemoryClient): Promise<void> {
  client.keys.tokens = tokenOf("Phạm Thị Hoa", "few");
  await station.review.begin(name === "sign" ? null : { token: "0045A2", key: "01" });
  const seen = name === "sign" ? 7 : 26;
  for (let press = 0; press < seen; press += 1) lookOn(station);
  station.review.choose(name === "sign" ? 6 : 4);
  await station.review.leaveOut("Thiếu dấu giáp lai ở trang 2");
  if (name === "signed") {
    client.review.failsAt = 12;
    await station.review.sign("654321");
  }
}

/** Papers that came signed, of each worth, one that cannot be copied and one that is not to be; or a page like a strip. */
async function kept(station: Station, client: MemoryClient): Promise<void> {
  const pages = client.desks.get("d0")?.pages ?? [];
  const came = ["valid", "unknown", "invalid"];
  for (const [i, worth] of came.entries()) pages[i]?.findings.push(finding(`da-ky-${i + 1}.pdf`, "already_signed", worth === "invalid" ? "warning" : "notice", worth));
  pages.find((one) => one.place === 4)?.findings.push(finding("a.pdf", "signed_beside_others", "blocking", ""));
  client.review.tall = name === "tall";
  if (name === "tall") for (const page of pages) page.findings = [finding(page.file, "scale", "warning", "210.1 x 325.0 mm"), finding(page.file, "low_dpi", "warning", "150 dpi")];
  await station.desk.switchTo("d0");
  await station.review.begin();
  if (name === "tall") return;
  for (const reason of ["Chờ bản chính", "", "Thiếu dấu giáp lai ở trang 2"]) {
    station.review.choose(5);
    await station.review.leaveOut(reason);
  }
  if (name === "kept") return;
  station.review.choose(0);
  for (let page = 0; page < 12 && !(name === "keeping" && station.review.asking); page += 1) {
    lookOn(station);
    if (name === "keeping" || station.review.asking === null) continue;
    station.review.reason = "Công dân chỉ có bản này";
    await station.review.answer();
  }
  if (name === "keeping") return;
  await station.review.sign(MEMORY_PIN);
  if (name === "kept-signed") return;
  station.go(name === "kept-copies" ? "copies" : "outbox");
  await station.copies.read();
  station.copies.chosen = station.copies.all.find((copy) => copy.kept?.worth === "invalid")?.record ?? null;
}

/** Papers under review, and what may come between them and their signatures. */
async function fail(station: Station, client: MemoryClient): Promise<void> {
  await station.desk.switchTo("d0");
  await station.review.begin();
  for (let page = 0; page < 4; page += 1) lookOn(station);
  if (name === "stale") client.failNext.set("sign_papers", fault("review_stale").error);
  if (name === "faulty") client.review.faulty = 2;
  if (name === "unplugged") client.keys.tokens = noTokens;
  else await station.review.sign(MEMORY_PIN);
}

/** Keys and certificates: a form that was refused, tokens, a register with one revoked. */
async function keyring(station: Station, client: MemoryClient): Promise<void> {
  const store = station.keyring;
  if (name === "authority") {
    await store.do("make_authority", { name: "Chứng thực nội bộ UBND xã Thử Nghiệm", pin: "9999", days: 3650 });
    for (const clerk of [1, 2]) await store.do("certify", { clerk, pin: client.keys.pinOf(clerk), authority_pin: "9999", days: 730 });
    await store.do("issue_certificate", { pin: "9999", days: 365, fingerprint: client.keys.request.fingerprint });
    const serial = client.keys.office?.issued[2]?.serial ?? "";
    await store.do("revoke_certificate", { pin: "9999", serial, why: "key_compromise" });
  }
  if (name === "trust") client.keys.trust = SAMPLE_TRUST;
  station.go("keys");
  await store.read();
  if (name === "unread-authority") {
    client.failNext.set("authority", fault("storage", { detail: "ca/so-cap.db" }).error);
    await store.read();
  }
  store.choose(name === "trust" ? "trust" : name.endsWith("authority") ? "authority" : name.endsWith("tokens") ? "tokens" : name === "keyring-add" ? "add" : null);
  if (name === "keyring") {
    store.open("pin");
    await store.do("change_pin", { clerk: 1, pin: "1111", new: "8642" });
  }
  if (name === "authority") store.open("revoke", client.keys.office?.issued[0]?.serial);
}

/** Results of a dossier that was handed over: at its desk, in the list, under review by the agency. */
async function results(station: Station, client: MemoryClient): Promise<void> {
  await station.desk.open("h2");
  await station.choosePaper(1001);
  if (name === "enter-result") station.results.begin();
  if (name === "list-results") {
    station.go("dossiers");
    await station.dossiers.read();
    station.dossiers.chosen = "h2";
  }
  if (name === "no-agency") {
    await station.desk.switchTo("d0");
    await station.review.begin();
    await station.review.turn();
  }
  if (!name.startsWith("sign")) return;
  await station.review.begin();
  lookOn(station);
  if (name === "signed-results") {
    await station.review.sign(AGENCY_PIN);
    station.go("dossiers");
    await station.dossiers.read();
    station.dossiers.chosen = client.dossiers[0]?.dossier ?? null;
  }
}
