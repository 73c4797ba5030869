// The page's one WebSocket: follows signals, calls services, and notices when the car falls silent.
//
// Rules that always hold:
// - values are applied inside one animation frame, and acknowledged after that frame is painted;
// - after `SILENCE_MS` without a `values` message no reading is valid (see readings.ts);
// - a lost connection comes back by itself, with the same selection; calls under way are rejected.

import { batch, type ReadonlySignal, signal } from "@preact/signals-core";
import type { CallError, Hello, PageMessage, ServerMessage, Services, SignalInfo, Values } from "./protocol";
import { matcher, Readings } from "./readings";

/** The server's heartbeat is 100 ms; three missed beats are a silence. */
export const SILENCE_MS = 300;
const WATCH_MS = 50;
/** A socket silent for this long is given up for a new one (half-open connection). */
const GIVE_UP_MS = 3000;
const BACK_OFF_MS = [100, 200, 400, 800, 1000] as const;
/** A page that is not painted (another tab, scrolled away) still has to acknowledge. */
const UNPAINTED_MS = 200;

export type State = "connecting" | "live" | "silent";

/** A call that the server refused or that failed; `kind` is the Python error's name. */
export class ServiceError extends Error {
  readonly kind: CallError["kind"];

  constructor({ kind, message }: CallError) {
    super(message);
    this.name = "ServiceError";
    this.kind = kind;
  }
}

interface Waiting<T> {
  resolve(result: T): void;
  reject(error: Error): void;
}

export interface Applied {
  readonly seq: number;
  /** Server's clock when the message was made, seconds since 1970. */
  readonly time: number;
  readonly missed: number;
}

export class Connection {
  readonly readings = new Readings();
  readonly #state = signal<State>("connecting");
  readonly #hello = signal<Hello | null>(null);
  readonly #url: string;
  #socket: WebSocket | null = null;
  #paths: string[] = [];
  #heard = performance.now();
  #watched = performance.now();
  #attempt = 0;
  #pending: Values[] = [];
  #scheduled = false;
  #nextId = 1;
  readonly #calls = new Map<number, Waiting<unknown>>();
  readonly #descriptions: Waiting<SignalInfo[]>[] = []; // answered in the order asked
  readonly #painted: ((applied: Applied) => void)[] = [];

  constructor(url: string = socketUrl()) {
    this.#url = url;
    setInterval(() => this.#watch(), WATCH_MS);
    document.addEventListener("visibilitychange", () => this.#schedule());
    this.#open();
  }

  /** "live" while values arrive; "silent" 300 ms after the last one; "connecting" before the first. */
  get state(): ReadonlySignal<State> {
    return this.#state;
  }

  /** Who the server is and where the other pages are; null until it has said so. */
  get hello(): ReadonlySignal<Hello | null> {
    return this.#hello;
  }

  /** Follows these paths and patterns, instead of the ones before. */
  follow(paths: Iterable<string>): void {
    this.#paths = [...new Set(paths)];
    this.readings.retain(matcher(this.#paths));
    this.#send({ op: "follow", paths: this.#paths });
  }

  /** Calls a service; resolves to its result, rejects with `ServiceError`. */
  call<S extends keyof Services>(service: S, args: Services[S]["args"]): Promise<Services[S]["result"]> {
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#calls.set(id, { resolve: resolve as (result: unknown) => void, reject });
      if (!this.#send({ op: "call", id, service, args })) this.#rejectCall(id);
    });
  }

  /** Catalogue entries of these paths and patterns. */
  describe(paths: readonly string[]): Promise<SignalInfo[]> {
    return new Promise((resolve, reject) => {
      if (this.#send({ op: "describe", paths: [...paths] })) this.#descriptions.push({ resolve, reject });
      else reject(noConnection());
    });
  }

  /** Calls `listener` after each message's values have been painted. */
  onPainted(listener: (applied: Applied) => void): void {
    this.#painted.push(listener);
  }

  #open(): void {
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    this.#heard = performance.now();
    socket.onopen = () => {
      if (this.#paths.length > 0) this.#send({ op: "follow", paths: this.#paths });
    };
    socket.onmessage = (event: MessageEvent<string>) => this.#receive(event.data);
    socket.onclose = () => this.#closed(socket);
  }

  #closed(socket: WebSocket): void {
    if (socket !== this.#socket) return;
    this.#socket = null;
    this.#pending = [];
    batch(() => {
      this.readings.forget();
      if (this.#state.peek() === "live") this.#state.value = "silent";
    });
    for (const id of [...this.#calls.keys()]) this.#rejectCall(id);
    for (const waiting of this.#descriptions.splice(0)) waiting.reject(noConnection());
    const wait = BACK_OFF_MS[Math.min(this.#attempt++, BACK_OFF_MS.length - 1)] ?? 1000;
    setTimeout(() => this.#open(), wait);
  }

  #receive(text: string): void {
    const message = JSON.parse(text) as ServerMessage;
    switch (message.op) {
      case "values":
        this.#heard = performance.now();
        this.#attempt = 0;
        this.#pending.push(message);
        this.#schedule();
        break;
      case "hello":
        this.#hello.value = message;
        break;
      case "result":
        this.#calls.get(message.id)?.resolve(message.result);
        this.#calls.delete(message.id);
        break;
      case "error":
        this.#calls.get(message.id)?.reject(new ServiceError(message.error));
        this.#calls.delete(message.id);
        break;
      case "described":
        this.#descriptions.shift()?.resolve(message.signals);
        break;
      case "problem":
        console.warn(message.message);
        break;
    }
  }

  #schedule(): void {
    if (this.#pending.length === 0) return;
    if (document.hidden) {
      this.#apply();
      return;
    }
    if (this.#scheduled) return;
    this.#scheduled = true;
    const once = () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      this.#scheduled = false;
      this.#apply();
    };
    const frame = requestAnimationFrame(once);
    const timer = setTimeout(once, UNPAINTED_MS);
  }

  #apply(): void {
    const messages = this.#pending;
    const last = messages.at(-1);
    if (!last) return;
    this.#pending = [];
    batch(() => {
      for (const message of messages) this.readings.receive(message.values);
      this.#state.value = "live";
    });
    const socket = this.#socket;
    // A task queued in an animation frame runs after that frame is painted.
    afterPaint(() => {
      if (socket === this.#socket) for (const { seq } of messages) this.#send({ op: "ack", seq });
      const missed = messages.reduce((sum, message) => sum + message.missed, 0);
      for (const listener of this.#painted) listener({ seq: last.seq, time: last.time, missed });
    });
  }

  #watch(): void {
    const now = performance.now();
    const late = now - this.#watched > 3 * WATCH_MS;
    this.#watched = now;
    // A page that was itself held up has messages waiting behind this timer: look again next time.
    if (late) return;
    const silent_ms = now - this.#heard;
    if (silent_ms > SILENCE_MS && this.#state.peek() === "live") {
      batch(() => {
        this.readings.silence();
        this.#state.value = "silent";
      });
    }
    if (silent_ms > GIVE_UP_MS && this.#socket) {
      const socket = this.#socket;
      socket.close();
      this.#closed(socket);
    }
  }

  #send(message: PageMessage): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  #rejectCall(id: number): void {
    this.#calls.get(id)?.reject(noConnection());
    this.#calls.delete(id);
  }
}

function noConnection(): ServiceError {
  return new ServiceError({ kind: "NoConnection", message: "No connection to the car." });
}

/** This page's server, with the token of the page's own address. */
export function socketUrl(): string {
  const url = new URL("/ws", location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const token = new URLSearchParams(location.search).get("token");
  if (token) url.searchParams.set("token", token);
  return url.href;
}

const channel = new MessageChannel();
const tasks: (() => void)[] = [];
channel.port1.onmessage = () => tasks.shift()?.();

function afterPaint(task: () => void): void {
  tasks.push(task);
  channel.port2.postMessage(null);
}
