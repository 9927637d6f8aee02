import { afterEach, expect, test, vi } from "vitest";
import { MemoryClient } from "../../api/memory";
import { Station } from "../../station.svelte";

afterEach(() => vi.useRealTimers());

test("a window that comes back shows the same dossier, paper and page", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const client = new MemoryClient();
  const first = new Station(client);
  await first.start();
  await first.unlock(null, "2468");
  await first.desk.open();
  const desk = first.desk.id;
  await client.call("import_dialog", { spot: { desk, place: 0 }, before: null, replaces: null });
  await first.desk.read();
  first.desk.show(1);
  first.whereabouts.field = "owner-number";
  first.whereabouts.keep();
  await vi.advanceTimersByTimeAsync(500);
  first.stop();

  const again = new Station(client);
  await again.start();
  if (again.session.phase !== "open") await again.unlock(null, "2468");
  expect(again.desk.id).toBe(desk);
  expect(again.desk.cursor).toBe(first.desk.cursor);
  expect((await client.call("whereabouts", null))?.field).toBe("owner-number");
  again.stop();
});

test("what is typed there goes to the paper the clerk was at", async () => {
  const client = new MemoryClient({ results: 1 });
  await client.call("keep_whereabouts", { desk: "dr", paper: 1001, page: null, field: null });
  const station = new Station(client);
  await station.start();
  station.fields.set("number", "45/2026");
  await station.fields.flush();
  expect(client.desks.get("dr")?.fields[1001]?.number).toBe("45/2026");
  station.stop();
});
