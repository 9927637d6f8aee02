// The desk through its commands: turning, moving, deleting, and stepping back.
import { beforeEach, expect, test, vi } from "vitest";
import { fault, finding, MemoryClient } from "../../api/memory";
import { Station } from "../../station.svelte";

let station: Station;
let client: MemoryClient;
const order = () => station.desk.pages.map((page) => page.id);

beforeEach(async () => {
  client = new MemoryClient({ pages: 3 });
  station = new Station(client);
  await station.start();
});

test("the first page is shown when the desk opens", () => expect(station.desk.current?.id).toBe("p1"));

test("a turn, then undo and redo", async () => {
  await station.desk.rotate(-1);
  expect(station.desk.current?.turns).toBe(3);
  await station.desk.undo();
  expect(station.desk.current?.turns).toBe(0);
  await station.desk.redo();
  expect(station.desk.current?.turns).toBe(3);
});

test("deleting shows the page that took the place; the last one deleted leaves an empty desk", async () => {
  station.desk.show(1);
  await station.desk.remove();
  expect(order()).toEqual(["p1", "p3"]);
  expect(station.desk.current?.id).toBe("p3");
  station.desk.show(0);
  station.desk.step(1, true);
  await station.desk.remove();
  expect(order()).toEqual([]);
  expect(station.desk.current).toBeNull();
  await station.desk.undo();
  expect(order()).toEqual(["p1", "p3"]);
});

test("a page is not moved past the ends", async () => {
  await station.desk.move(-1);
  expect(client.calls.some((call) => call.name === "move_page")).toBe(false);
  await station.desk.move(1);
  expect(order()).toEqual(["p2", "p1", "p3"]);
});

test("a refused edit is told and the desk stays as it was", async () => {
  client.failNext.set("delete_pages", fault("storage", { detail: "EIO" }).error);
  await station.desk.remove();
  expect(order()).toHaveLength(3);
  expect(station.notices.list.map((notice) => notice.error.kind)).toEqual(["storage"]);
  await station.desk.rotate(1);
  expect(station.desk.current?.turns, "the next edit goes through").toBe(1);
});

test("files dropped on the window land on the desk, wherever the clerk was", async () => {
  station.go("outbox");
  client.drop(["a.jpg", "b.jpg"]);
  await station.desk.read();
  expect(station.place).toBe("desk");
  expect(order()).toHaveLength(5);
  expect(station.desk.added).toBe(2);
});

test("a file dropped while verifying is verified, not imported", async () => {
  station.go("verify");
  await new Promise((heard) => setTimeout(heard));
  client.drop(["ban-sao.pdf"]);
  expect(station.verifying.result?.verdict).toBe("valid");
  expect(client.pages).toHaveLength(3);
});

test("an import dropped on the window shows its progress and ends with the report or the failure", () => {
  client.emit("progress", { stage: "import", page: 1, of: 50 });
  expect(station.desk.importing).toBe(true);
  client.emit("imported", { added: 0, refused: [finding("a.heic", "unsupported", "blocking", "HEIC")], desks: [] });
  expect(station.desk).toMatchObject({ importing: false, importProgress: null });
  expect(station.desk.refused).toHaveLength(1);
  client.emit("progress", { stage: "import", page: 1, of: 2 });
  client.emit("failed", fault("reader_failed", { file: "a.jpg" }).error);
  expect(station.desk.importing).toBe(false);
  expect(station.notices.list).toHaveLength(1);
});

test("an import from a folder whose end is never told does not hold the desk for ever", () => {
  vi.useFakeTimers();
  client.emit("progress", { stage: "import", page: 1, of: 1 });
  vi.advanceTimersByTime(5_000);
  expect(station.desk.importing).toBe(true);
  vi.advanceTimersByTime(5_000);
  expect(station.desk.importing).toBe(false);
  vi.useRealTimers();
});

test("what a folder brings meanwhile ends no scan the clerk has begun", async () => {
  const scanning = station.desk.bring(async () => {
    client.emit("imported", { added: 1, refused: [], desks: [] });
    expect(station.desk.importing).toBe(true);
    return { added: 0, refused: [], desks: [] };
  });
  await scanning;
  expect(station.desk.importing).toBe(false);
});
