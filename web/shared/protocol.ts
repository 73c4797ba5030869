// Messages between a page and its server (`/ws`, JSON text), as the Python structs of `alpenglow.fabric` define them.

export type Scalar = boolean | number | string;
export type Value = Scalar | Scalar[];

/** Value (null unless valid), quality (see `Quality`), age in ms (-1: never received). */
export type WireReading = [value: Value | null, quality: 0 | 1 | 2 | 3, age_ms: number];

export interface SignalInfo {
  path: string;
  kind: "sensor" | "actuator" | "attribute";
  datatype: string;
  unit: string | null;
  minimum: number | null;
  maximum: number | null;
  allowed: Scalar[] | null;
  description: string;
}

export interface CallError {
  kind: "NotPermitted" | "BadArguments" | "NoProvider" | "TimedOut" | "Failed" | (string & {});
  message: string;
}

/** What `safety.actuate` answers. */
export interface Outcome {
  state: "confirmed" | "moving" | "refused" | "no_provider" | "timed_out";
  path: string;
  value: Value | null;
  rule: string | null;
  message: string;
}

// server → page
export interface Hello {
  op: "hello";
  identity: string;
  version: string;
  pages: Record<string, string>;
  line: string;
}

export interface Values {
  op: "values";
  seq: number;
  /** Server's clock, seconds since 1970. */
  time: number;
  values: Record<string, WireReading>;
  missed: number;
}

export interface Described {
  op: "described";
  signals: SignalInfo[];
}

export interface CallResult {
  op: "result";
  id: number;
  result: unknown;
}

export interface CallFailed {
  op: "error";
  id: number;
  error: CallError;
}

export interface Problem {
  op: "problem";
  message: string;
}

export type ServerMessage = Hello | Values | Described | CallResult | CallFailed | Problem;

// page → server
export interface Follow {
  op: "follow";
  paths: string[];
}

export interface Ack {
  op: "ack";
  seq: number;
}

export interface Call {
  op: "call";
  id: number;
  service: string;
  args: Record<string, unknown>;
}

export interface Describe {
  op: "describe";
  paths: string[];
}

export type PageMessage = Follow | Ack | Call | Describe;
