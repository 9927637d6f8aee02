// States of the counter in memory, to look at in a plain browser: ?demo=pages and so on. Loaded
// only when there is no Tauri.
import { tick } from "svelte";
import type { Station } from "../station.svelte";
import { words } from "../texts/index.svelte";
import { fault, MemoryClient, noFields, type MemoryOptions } from "./memory";

const options: Record<string, MemoryOptions> = {
  first: { ready: false },
  locked: { unlocked: false },
  empty: {},
  pages: { pages: 5, findings: true, copies: 4 },
  many: { pages: 60, copies: 4 },
  review: { pages: 3, findings: true, copies: 4 },
  progress: { pages: 12, copies: 4, pace: 400 },
  done: { pages: 3, copies: 4 },
  errors: { pages: 3, copies: 4 },
  copies: { copies: 23 },
  "no-copies": {},
  outbox: { copies: 9 },
  verify: {},
  verified: { copies: 2 },
  keys: { pages: 3 },
  capture: { pages: 2, findings: true, pace: 10 },
  scanning: { pages: 4, findings: true, pace: 1500 },
  turning: { pace: 10 },
  thousands: { pages: 2_000 },
  "no-scanner": { pages: 3, profiles: [] },
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
  if (["pages", "many", "review", "progress", "done", "keys"].includes(name)) client.fields = birth;
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
  if (name === "review") await station.signing.sign();
  if (name === "progress" || name === "done") void station.signing.sign();
  if (name === "errors") {
    station.fields.set("owner", "12345");
    station.fields.set("issued", "31/02/2025");
    await station.fields.flush();
    client.failNext.set("rotate_pages", fault("disk_full").error);
    await station.desk.rotate(1);
    await station.signing.sign();
  }
  if (name === "copies" || name === "no-copies") station.go("copies");
  if (name === "copies") {
    station.copies.chosen = "r20";
    await station.copies.verify("r20");
  }
  if (name === "outbox") station.go("outbox");
  if (name === "verify" || name === "verified") station.go("verify");
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
  if (name === "scanning") void profile(1);
  if (name === "turning") await profile(2);
  await tick();
}
