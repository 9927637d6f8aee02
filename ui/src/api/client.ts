// What the window knows of the core: commands, events and page pictures. Everything else in the
// window talks to this and to nothing below it; tauri.ts and memory.ts are the two behind it.
import type { Commands, CoreError, Events, PageView } from "./generated";

export type PageId = PageView["id"];
export type Name = keyof Commands;
export type Request<C extends Name> = Commands[C]["request"];
export type Reply<C extends Name> = Commands[C]["reply"];
export type Unsubscribe = () => void;

export interface Client {
  /** Rejects with a `CoreFault` when the core answers with an error. */
  call<C extends Name>(name: C, request: Request<C>): Promise<Reply<C>>;
  on<E extends keyof Events>(event: E, listener: (payload: Events[E]) => void): Unsubscribe;
  /**
   * Address of a page's picture, at most `width` px wide, after `turns` clockwise quarter turns. `look`
   * names its edits: those it has, or those a clerk is only trying; empty = none.
   */
  pageUrl(page: PageId, width: number, turns: number, look: string): string;
  /** Address of the picture of a page (from 0) of bytes that wait for their signature. */
  preparedUrl(picture: string, page: number, width: number): string;
}

/** An error the core answered with. */
export class CoreFault extends Error {
  readonly error: CoreError;

  constructor(error: CoreError) {
    super(error.kind);
    this.name = "CoreFault";
    this.error = error;
  }
}

const isCoreError = (value: unknown): value is CoreError =>
  typeof value === "object" && value !== null && "kind" in value && typeof value.kind === "string";

/** Whatever was thrown, as an error of the core. */
export function asCoreError(thrown: unknown): CoreError {
  if (thrown instanceof CoreFault) return thrown.error;
  if (isCoreError(thrown)) {
    return { kind: thrown.kind, params: thrown.params ?? {}, findings: thrown.findings ?? [], issues: thrown.issues ?? [], lines: thrown.lines ?? [] };
  }
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return { kind: "internal", params: { detail }, findings: [], issues: [], lines: [] };
}
